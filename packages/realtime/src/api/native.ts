import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { SudaError } from '@suda/protocol';
import type { Realtime } from '../realtime.ts';
import { holdPoll } from '../transports/polling.ts';
import { openEventStream, sseEncoding } from '../transports/sse.ts';
import type { Admission } from '../transports/websocket.ts';

/** Milliseconds after which an `EventSource` that lost its stream tries again, and as many more at random. */
const RETRY = 1_000;
/** Seconds that a poll is held if it doesn't say, and at most. */
const WAIT = { usual: 25, longest: 55 };

const encoding = sseEncoding(() => []);

function refuse(response: ServerResponse, error: unknown, headers: OutgoingHttpHeaders): void {
  const known = error instanceof SudaError ? error : new SudaError('internal');
  response.writeHead(known.status, { ...headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ error: known.toWire() }));
}

/** An `EventSource`: a socket that only listens. What it has to say it says to the application's own routes. */
export async function serveEvents(
  realtime: Realtime,
  response: ServerResponse,
  admit: () => Promise<Admission>,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  try {
    const admission = await admit();
    openEventStream(realtime, response, encoding, admission, RETRY + Math.round(realtime.random() * RETRY), headers);
  } catch (error) {
    refuse(response, error, headers);
  }
}

/** A long poll: a socket for as long as it waits. It is answered by the first event, or after `wait` seconds. */
export async function servePoll(
  realtime: Realtime,
  request: IncomingMessage,
  response: ServerResponse,
  admit: () => Promise<Admission>,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  try {
    const asked = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('wait') ?? String(WAIT.usual);
    if (!/^\d{1,2}$/.test(asked) || Number(asked) > WAIT.longest) throw new SudaError('invalid', `wait: 0 to ${WAIT.longest} seconds`);
    const { events } = await holdPoll(realtime, response, await admit(), Number(asked), true, () => {});
    if (response.destroyed) return;
    response.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ events }));
  } catch (error) {
    refuse(response, error, headers);
  }
}
