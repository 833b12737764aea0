import type { EventName } from '@suda/protocol';
import { formatCursors } from '@suda/protocol/cursors';
import { paths } from '@suda/protocol/routes';
import { asClientError } from '../errors.ts';
import { type DialLink, type Link, OPEN_WITHIN, type Page } from './link.ts';

/** Seconds that the server may hold a poll. */
const WAIT = 25;
/** Milliseconds between an answer and the next poll: what happens together comes together. */
const PAUSE = 50;
/** The pause grows to this when answers bring nothing and are not held either. */
const LONGEST_PAUSE = 2_000;

interface Answer {
  readonly rooms?: readonly Page[];
  readonly events?: readonly { readonly event: EventName; readonly data: unknown }[];
  readonly removed?: readonly string[];
}

/** PROTOCOL §7: one held request after the other, commands over HTTP routes. */
export const dialPolling: DialLink = ({ clock, http, cursors }, handlers) => {
  let ended = false;
  let started = false;
  let poll: AbortController | undefined;
  let cancelNext = (): void => {};
  const commands = new AbortController();

  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    cancelNext();
    poll?.abort();
    commands.abort();
    return true;
  };

  const deliver = (answer: Answer): void => {
    for (const page of answer.rooms ?? []) handlers.page(page);
    for (const { event, data } of answer.events ?? []) handlers.event(event, data);
    for (const room of answer.removed ?? []) handlers.event('room.removed', { room, reason: 'kicked' });
  };

  const ask = async (own: AbortController, wait: number): Promise<Answer> => {
    const search = new URLSearchParams();
    const from = cursors();
    for (const room of from.keys()) search.append('room', room);
    if (from.size > 0) search.append('cursor', formatCursors(from));
    search.append('events', '1');
    search.append('wait', String(wait));
    const cancel = clock.after(wait * 1000 + OPEN_WITHIN, () => own.abort());
    try {
      const response = await http.open(`${paths.poll}?${search}`, 'application/json', own.signal);
      return (await response.json()) as Answer;
    } finally {
      cancel();
    }
  };

  const next = (wait: number, pause: number): void => {
    cancelNext();
    poll?.abort();
    const own = new AbortController();
    poll = own;
    const begun = clock.now();
    ask(own, wait).then(
      (answer) => {
        if (poll !== own || ended) return;
        handlers.heard();
        deliver(answer);
        if (poll !== own || ended) return;
        const news = (answer.rooms?.length ?? 0) + (answer.events?.length ?? 0) > 0;
        // After a long wait at once: between two polls personal events are lost.
        if (clock.now() - begun > LONGEST_PAUSE) next(WAIT, PAUSE);
        else {
          const longer = news || wait === 0 ? PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
          cancelNext = clock.after(longer, () => next(WAIT, longer));
        }
      },
      (reason: unknown) => {
        if (poll !== own || ended) return;
        const error = asClientError(reason).toWire();
        if (error.code === 'rate_limited') {
          handlers.heard();
          cancelNext = clock.after(error.retryAfter ?? LONGEST_PAUSE, () => next(WAIT, LONGEST_PAUSE));
        } else if (end()) handlers.lost({ code: 1006, error });
      },
    );
  };

  queueMicrotask(() => {
    if (!ended) handlers.open();
  });
  const link: Link = {
    transport: 'polling',
    quiet: WAIT * 1000 + OPEN_WITHIN,
    // The request itself says which rooms it is about.
    command: (name, input) => (name === 'room.close' ? Promise.resolve({}) : http.command(name, input, commands.signal)),
    async start() {
      started = true;
      next(WAIT, PAUSE);
    },
    listen() {
      if (ended || !started) return;
      // At once would poll once for each of several rooms that are opened together.
      cancelNext();
      poll?.abort();
      poll = undefined;
      cancelNext = clock.after(PAUSE, () => next(WAIT, PAUSE));
    },
    ping() {
      if (!ended && started) next(0, PAUSE);
    },
    close: () => void end(),
  };
  return link;
};
