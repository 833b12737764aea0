import { bytesOf, headText, RequestSize } from '../wire/bytes.ts';
import { pause } from './lane.ts';

export interface Head {
  readonly line: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bytes: number;
}

/** How a connection began, as the server saw it (PROTOCOL §13). */
export interface Handshake {
  readonly kind: 'request' | 'upgrade';
  readonly request: Head;
  readonly response?: Head;
  readonly begins?: string;
}

/** A refusal of the server, by its code. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An answer with what it cost. */
export interface Answer {
  readonly body: string;
  /** Status line and headers, as text. */
  readonly head: string;
  readonly target: string;
}

/** Plain requests to the server that this page came from, wherever it lives. */
export class Api {
  readonly #base: URL;
  #get: RequestSize | undefined;

  /** @param base the folder of this page: `/`, or where the application has put it */
  constructor(base: URL) {
    this.#base = base;
  }

  at(path: string): URL {
    return new URL(path, this.#base);
  }

  /** Any request; the answer as it came. @throws Refused */
  async ask(method: string, path: string, input?: object, signal?: AbortSignal): Promise<Answer> {
    const url = this.at(path);
    const init: RequestInit = { method, credentials: 'same-origin' };
    if (input !== undefined) Object.assign(init, { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } });
    if (signal) init.signal = signal;
    const response = await fetch(url, init);
    const body = await response.text();
    const head = headText(`HTTP/1.1 ${response.status} ${response.statusText}`, response.headers);
    if (!response.ok) throw refusal(response.status, body);
    return { body, head, target: url.pathname + url.search };
  }

  async json<T>(method: string, path: string, input?: object): Promise<T> {
    return JSON.parse((await this.ask(method, path, input)).body) as T;
  }

  /** What began under a nonce. The server may still be looking who it was. */
  async handshakes(nonce: string, wanted: (found: readonly Handshake[]) => boolean = () => true): Promise<readonly Handshake[]> {
    for (let tries = 0; tries < 10; tries++) {
      const found = await this.json<{ handshakes: Handshake[] }>('GET', `v1/lab/handshakes/${nonce}`).catch(() => undefined);
      if (found?.handshakes[0] && found.handshakes.every(({ response }) => response !== undefined) && wanted(found.handshakes))
        return found.handshakes;
      await pause(100, new AbortController().signal);
    }
    return [];
  }

  /** Breaks what is open under a nonce. */
  async cutLine(nonce: string): Promise<void> {
    await this.json('DELETE', `v1/lab/handshakes/${nonce}`);
  }

  /** Learns what a request costs from one whose head the server has told. */
  learn({ request }: Handshake): void {
    this.#get = new RequestSize(request.bytes, request.line.split(' ')[1] ?? '');
  }

  /** Bytes of the head of a GET that `ask` made. */
  getBytes(target: string): number {
    return this.#get?.of(target) ?? bytesOf(target);
  }

  /** Bytes of a POST that `ask` made: what a GET has, three lines more, and the body. */
  postBytes(target: string, input: object): number {
    const body = bytesOf(JSON.stringify(input));
    const more = `content-type: application/json\r\nContent-Length: ${body}\r\nOrigin: ${this.#base.origin}\r\n`;
    return (this.#get?.of(target, more) ?? bytesOf(target)) + 1 + body;
  }
}

function refusal(status: number, body: string): Refused {
  try {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    return new Refused(error.code, error.message);
  } catch {
    return new Refused('unavailable', `HTTP ${status}`);
  }
}
