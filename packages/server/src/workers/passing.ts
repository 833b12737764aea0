import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { Agent, request as ask, type ClientRequest, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';

/** Where a worker takes requests from the others. @param folder their own */
export const socketOf = (folder: string, name: string): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/[\\:]/g, '-')}-${name}` : join(folder, name);

/** What says how bytes travel between two, and not what they mean (RFC 9110 §7.6.1). */
const ofTheHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'te']);

const ofTheBody = new Set([...ofTheHop, 'content-length', 'content-type', 'expect']);

/** A worker that doesn't answer another one within this, in milliseconds, has nothing to say. */
const ANSWER_WITHIN = 2_000;

/**
 * Requests that are of another worker's session: Engine.IO's polling ties a session to one process, and a client's requests come to
 * any. Polls and posts are passed on over a socket between the workers; a connection that becomes a WebSocket moves to the other
 * process for good.
 */
export class Passing {
  readonly #folder: string;
  readonly #name: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #move: (owner: string, head: string, socket: Socket) => void;
  /** What came from another worker. */
  readonly #passed = new WeakSet<IncomingMessage>();
  #server: Server | undefined;

  /** @param folder of the workers' sockets; @param move hands a connection over, with what was read of it */
  constructor(folder: string, name: string, move: (owner: string, head: string, socket: Socket) => void) {
    this.#folder = folder;
    this.#name = name;
    this.#move = move;
  }

  /** Takes what others pass on. */
  listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<void> {
    const server = createServer((request, response) => {
      this.#passed.add(request);
      handle(request, response);
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: socketOf(this.#folder, this.#name), exclusive: true }, resolve);
    });
  }

  close(): void {
    this.#agent.destroy();
    this.#server?.close();
    this.#server?.closeIdleConnections();
  }

  request(request: IncomingMessage, response: ServerResponse): boolean {
    const owner = this.#ownerOf(request);
    if (owner === undefined) return false;
    const passed = this.#ask(request, owner);
    let answered = false;
    passed.once('response', (answer) => {
      answered = true;
      const closes = answer.headers.connection === 'close' ? ['connection', 'close'] : [];
      response.writeHead(answer.statusCode ?? 502, [...leavingOut(ofTheHop, answer.rawHeaders), ...closes]);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    // It has died: the client learns it as it would of any server, and comes anew. Whoever was answered early may go on sending in vain.
    passed.on('error', () => {
      if (!answered) response.destroy();
    });
    // A poll that the client gave up is given up there too.
    response.once('close', () => {
      if (!response.writableFinished) passed.destroy();
    });
    request.pipe(passed);
    return true;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const owner = this.#ownerOf(request);
    // What is encrypted can't be given away.
    if (owner === undefined || !(socket instanceof Socket)) return false;
    this.#move(owner, headOf(request) + head.toString('latin1'), socket);
    return true;
  }

  #ask({ method, url, rawHeaders }: IncomingMessage, worker: string, without: ReadonlySet<string> = ofTheHop): ClientRequest {
    const socketPath = socketOf(this.#folder, worker);
    return ask({ agent: this.#agent, socketPath, method, path: url, headers: leavingOut(without, rawHeaders), setHost: false });
  }

  /** Asks every other worker the same, without a body. Who doesn't answer has nothing to say. */
  askAll(request: IncomingMessage): Promise<readonly unknown[]> | undefined {
    return this.#passed.has(request) ? undefined : this.#askAll(request);
  }

  async #askAll(request: IncomingMessage): Promise<readonly unknown[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const asked = names.filter((name) => name !== this.#name).map((name) => answerOf(this.#ask(request, name, ofTheBody)));
    return (await Promise.all(asked)).filter((answer) => answer !== undefined);
  }

  /** Undefined: this worker, or one that is no more; then nobody knows the session, and it is said here. */
  #ownerOf({ url = '' }: IncomingMessage): string | undefined {
    const owner = /[?&]sid=(\d{1,15})\./.exec(url)?.[1];
    if (owner === undefined || owner === this.#name) return undefined;
    return process.platform === 'win32' || existsSync(socketOf(this.#folder, owner)) ? owner : undefined;
  }
}

/** What is answered with 200, as JSON; undefined otherwise. */
function answerOf(asked: ClientRequest): Promise<unknown> {
  return new Promise((resolve) => {
    asked.setTimeout(ANSWER_WITHIN, () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.once('response', (response) => {
      json(response).then(
        (answer) => resolve(response.statusCode === 200 ? answer : undefined),
        () => resolve(undefined),
      );
    });
    asked.end();
  });
}

/** @param raw names and values by turns */
function leavingOut(names: ReadonlySet<string>, raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]];
    if (!names.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** A request's first lines, as they came. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  return `${text}\r\n`;
}
