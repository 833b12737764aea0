import crypto from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryStore } from '@suda/chat';
import { type CommandName, type FileId, type Pos, type Preview, type RoomId, routeOf, type UserId } from '@suda/protocol';
import { createServer, type Server } from '@suda/server';
import { upload } from '../wire/upload.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

const pageFolder = fileURLToPath(new URL('../../apps/web/dist', import.meta.url));
const trueNow = Date.now.bind(Date);

/**
 * A real server in a world where it is always the same time and chance always falls the same way, so that its pictures are the same, too:
 * the same ids, hence the same colours, the same times. It takes the whole process with it: one world at a time, and nothing beside it.
 */
export class World {
  /** Where it is. */
  readonly origin: string;
  /** How a browser calls it: pictures show an address that everyone could have. */
  url: string;
  readonly #server: Server;
  readonly #folder: string;
  readonly #streams = new AbortController();
  #sent = 0;

  private constructor(origin: string, server: Server, folder: string) {
    this.origin = origin;
    this.url = origin;
    this.#server = server;
    this.#folder = folder;
  }

  static async begin(at: string, options: { readonly claimKey?: string } = {}): Promise<World> {
    World.#stopClock(Date.parse(at));
    World.#loadDice(5);
    const folder = mkdtempSync(join(tmpdir(), 'suda-pictures-'));
    const server = await createServer({
      store: new MemoryStore(),
      secret: 'the secret of a picture world',
      filesFolder: folder,
      pageFolder,
      rate: 0,
      linkPreviews: false,
      ...options,
    });
    const { port } = await server.listen(0, '127.0.0.1');
    return new World(`http://127.0.0.1:${port}`, server, folder);
  }

  async end(): Promise<void> {
    this.#streams.abort();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
    Date.now = trueNow;
    crypto.randomInt = createRequire(import.meta.url)('node:crypto').randomInt;
    syncBuiltinESMExports();
  }

  /** From now on it is this time, until told otherwise. */
  clock(at: string): void {
    World.#stopClock(Date.parse(at));
  }

  async person(name: string): Promise<Person> {
    const { user, token } = (await this.#call(undefined, 'hello', { name })) as { user: { id: string }; token: string };
    return { id: user.id, name, token };
  }

  ask<T = unknown>(who: Person, command: CommandName, input: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return this.#call(who.token, command, input) as Promise<T>;
  }

  /** @returns its pos */
  async say(who: Person, room: string, text: string, more: Readonly<Record<string, unknown>> = {}): Promise<number> {
    this.#sent += 1;
    return (await this.ask<{ pos: number }>(who, 'message.send', { room, clientId: `picture-${this.#sent}`, text, ...more })).pos;
  }

  /** What an address leads to, as if the server had looked: nobody outside is asked. */
  async preview(room: string, pos: number, preview: Preview, picture: { readonly of: Person; readonly file: string }): Promise<void> {
    const { chat } = this.#server;
    const { hash, attachment } = await chat.file(picture.of.id as UserId, picture.file as FileId);
    const { id: _, ...what } = attachment;
    await chat.putPreview(room as RoomId, pos as Pos, preview, { hash, what });
  }

  async file(who: Person, bytes: Uint8Array, name: string): Promise<string> {
    const { status, file } = await upload(this.origin, who.token, bytes, name);
    if (status !== 200) throw new Error(`upload of ${name}: ${status}`);
    return file.id;
  }

  /** They are seen as being here. */
  async arrive(who: Person, room: string): Promise<void> {
    const response = await fetch(`${this.origin}/v1/events?room=${room}`, {
      headers: { authorization: `Bearer ${who.token}` },
      signal: this.#streams.signal,
    });
    // Read and forgotten, or the server would wait for its reader.
    response.body?.pipeTo(new WritableStream()).catch(() => undefined);
  }

  async #call(token: string | undefined, command: CommandName, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { method, path, pathFields } = routeOf(command);
    const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !pathFields.includes(field)));
    const query = method === 'GET' || method === 'DELETE' ? `?${new URLSearchParams(rest as Record<string, string>)}` : '';
    const response = await fetch(this.origin + path.replace(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(input[field]))) + query, {
      method,
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(query === '' ? { body: JSON.stringify(rest) } : {}),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`${command}: ${JSON.stringify(body)}`);
    return body;
  }

  static #stopClock(at: number): void {
    Date.now = () => at;
  }

  static #loadDice(seed: number): void {
    let state = seed;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % below;
    };
    Object.assign(crypto, { randomInt: (below: number) => next(below) });
    syncBuiltinESMExports();
  }
}
