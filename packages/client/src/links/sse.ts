import type { EventName } from '@suda/protocol';
import { formatCursors } from '@suda/protocol/cursors';
import { paths } from '@suda/protocol/routes';
import { asClientError, unavailable } from '../errors.ts';
import { eventStreamParser } from './event-stream.ts';
import { type DialLink, type Link, OPEN_WITHIN } from './link.ts';

/** Rooms that are opened together shall reopen the stream once. */
const GATHER = 20;

/**
 * PROTOCOL §6: events over one HTTP response, commands over HTTP routes. Read with fetch and not with EventSource, which can't
 * carry an `Authorization` header and hides why it failed. Whenever the rooms change, the stream is opened again from the
 * cursors that we hold then.
 */
export const dialEventStream: DialLink = ({ clock, http, cursors }, handlers) => {
  let ended = false;
  let stream: AbortController | undefined;
  let cancelGather: (() => void) | undefined;
  let cancelOpening = (): void => {};
  const commands = new AbortController();

  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    cancelOpening();
    cancelGather?.();
    stream?.abort();
    commands.abort();
    return true;
  };
  const lose = (reason: unknown): void => {
    if (end()) handlers.lost({ code: 1006, error: asClientError(reason).toWire() });
  };

  const read = async (own: AbortController, begun: () => void): Promise<void> => {
    const search = new URLSearchParams();
    const from = cursors();
    for (const room of from.keys()) search.append('room', room);
    if (from.size > 0) search.append('cursor', formatCursors(from));
    const response = await http.open(`${paths.events}?${search}`, 'text/event-stream', own.signal);
    if (!response.body) throw unavailable();
    const parse = eventStreamParser(({ event, data }) => {
      if (stream !== own) return;
      let parsed: unknown;
      try {
        parsed = JSON.parse(data);
      } catch {
        return;
      }
      handlers.event(event as EventName, parsed);
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (stream !== own) return;
      if (done) throw unavailable('The event stream ended.');
      begun();
      handlers.heard();
      parse(decoder.decode(value, { stream: true }));
    }
  };

  const open = (begun: () => void = () => {}): void => {
    stream?.abort();
    cancelOpening();
    const own = new AbortController();
    stream = own;
    // A proxy that buffers would never show us the first bytes.
    cancelOpening = clock.after(OPEN_WITHIN, () => lose(unavailable('The event stream does not come through.')));
    const first = (): void => {
      cancelOpening();
      begun();
    };
    read(own, first).catch((reason: unknown) => {
      if (stream === own) lose(reason);
    });
  };

  queueMicrotask(() => {
    if (!ended) handlers.open();
  });
  const link: Link = {
    transport: 'sse',
    // A comment comes every 25 s (R6.4).
    quiet: 35_000,
    // The request itself says which rooms it is about.
    command: (name, input) => (name === 'room.close' ? Promise.resolve({}) : http.command(name, input, commands.signal)),
    start: () => new Promise((resolve) => open(resolve)),
    listen() {
      if (ended || !stream) return;
      cancelGather ??= clock.after(GATHER, () => {
        cancelGather = undefined;
        open();
      });
    },
    ping() {
      if (!ended && stream) open();
    },
    close: () => void end(),
  };
  return link;
};
