import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type CloseName, type Cursor, formatCursors } from '@suda/protocol';
import type { Connection, Encoding } from '../connection.ts';
import type { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import type { Admission } from './websocket.ts';

/** The cursors of a session's logged topics, under the names that the client knows them by. */
export type CursorsOf = (session: Session) => Iterable<readonly [string, Cursor]>;

const block = (name: string, json: string, id: string): Buffer => Buffer.from(`event: ${name}\n${id}data: ${json}\n\n`);
const noReplies = (): Uint8Array => new Uint8Array(0);

/**
 * `text/event-stream` (WHATWG HTML §9.2). JSON has no line breaks, so one `data:` line holds it.
 * @param cursorsOf what an event's `id:` says, so that EventSource resumes by itself
 */
export function sseEncoding(cursorsOf: CursorsOf): Encoding {
  return {
    name: 'sse',
    event: (name, json) => block(name, json, ''),
    logged: (name, json, session) => block(name, json, `id: ${formatCursors(cursorsOf(session))}\n`),
    reply: noReplies,
    refusal: noReplies,
  };
}

const heartbeat = Buffer.from(':\n\n');

class EventStream implements Connection {
  readonly transport = 'sse';
  readonly encoding: Encoding;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, encoding: Encoding) {
    this.#response = response;
    this.encoding = encoding;
  }

  get buffered(): number {
    return this.#response.writableLength;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#response.writableEnded || this.#response.destroyed) return false;
    return this.#response.write(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  }

  onDrain(run: () => void): void {
    if (!this.#response.writableNeedDrain) setImmediate(run);
    else this.#response.once('drain', run);
  }

  /** Nothing comes from the client here. */
  pause(): void {}

  /** A comment: keeps proxies from closing what looks idle. */
  ping(): void {
    if (this.#response.writableLength === 0) this.write([heartbeat]);
  }

  close(_name: CloseName): void {
    this.#response.end();
  }

  terminate(): void {
    this.#response.destroy();
  }
}

/**
 * Begins an event stream on a response.
 * @param retry milliseconds after which EventSource tries again when the stream ends
 * @param headers more of them
 */
export function openEventStream(
  realtime: Realtime,
  response: ServerResponse,
  encoding: Encoding,
  admission: Admission,
  retry: number,
  headers: OutgoingHttpHeaders = {},
): Session {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx would hold events back otherwise.
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${retry}\n\n`);
  response.socket?.setNoDelay(true);
  const session = realtime.accept(new EventStream(response, encoding), admission.address, admission.data, admission.id);
  response.on('close', () => session.end('closed'));
  response.on('error', () => session.end('error'));
  // Gone before anyone listened for it.
  if (response.destroyed) session.end('closed');
  return session;
}
