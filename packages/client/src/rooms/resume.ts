import type { Cursor, Member, MessageEvent } from '@suda/protocol';
import type { WireError } from '@suda/protocol/errors';
import { backoff } from '../backoff.ts';
import { asClientError } from '../errors.ts';
import type { Page } from '../links/link.ts';
import type { RoomState } from '../types.ts';
import type { RoomContext } from './context.ts';

/** Events that come while we ask are kept up to this number; beyond it we ask once more instead. */
const MOST_HELD = 1_000;
/** From this many gaps on, each within `SOON` milliseconds of the one before, asking again waits: a broken stream must not be answered with a storm. */
const PATIENT = 3;
const SOON = 10_000;

/** What the room does with what comes. */
export interface ResumeOwner {
  cursor(): Cursor | null;
  /** @returns false when the page doesn't continue what we have */
  opened(page: Page): boolean;
  /** @returns false when something is missing before it */
  event(event: MessageEvent): boolean;
  status(status: RoomState['status'], error: WireError | null): void;
  members(members: readonly Member[]): void;
}

/** Opens a room from our cursor, again and again: at first, after each reconnect, after each gap. One question at a time. */
export interface Resume {
  open(): void;
  event(event: MessageEvent): void;
  /** A page that came without being asked for. */
  page(page: Page): void;
  /** The server has ended the subscription, and does not say why for good: ask again. */
  doubt(): void;
  /** Whether a stream or poll is to carry this room. */
  streaming(): boolean;
  /** The connection is gone. */
  gone(): void;
  /** I was removed from the room. */
  removed(error: WireError): void;
  /** Nobody looks at the room any more. */
  close(): void;
}

export function createResume(context: RoomContext, room: string, owner: ResumeOwner): Resume {
  const { clock, random, command } = context;
  /** Names the question whose answer counts. */
  let question = 0;
  let asking = false;
  let wanted = false;
  let refused = false;
  /** A question is due at a later time. */
  let waiting = false;
  let streaming = false;
  let membersKnown = false;
  let held: MessageEvent[] = [];
  let overflown = false;
  let gaps = 0;
  let gapAt = 0;
  let attempt = 0;
  let cancelLater = (): void => {};
  let cancelMembers = (): void => {};

  const later = (ms: number): void => {
    cancelLater();
    waiting = true;
    cancelLater = clock.after(ms, ask);
  };

  const ask = (): void => {
    if (asking || !wanted || !context.online()) return;
    cancelLater();
    waiting = false;
    asking = true;
    const own = ++question;
    const cursor = owner.cursor();
    command('room.open', cursor ? { room, epoch: cursor.epoch, rev: cursor.rev } : { room }).then(
      (page) => {
        if (own === question) answered(page);
      },
      (reason: unknown) => {
        if (own === question) failed(asClientError(reason).toWire());
      },
    );
  };

  const answered = (page: Page): void => {
    asking = false;
    attempt = 0;
    const fits = owner.opened(page);
    const events = held;
    held = [];
    const again = !fits || overflown;
    overflown = false;
    if (!wanted) return;
    if (!streaming) {
      streaming = true;
      context.listen();
    }
    owner.status('live', null);
    askMembers();
    if (again) gap();
    else for (const event of events) take(event);
  };

  const failed = (error: WireError): void => {
    asking = false;
    held = [];
    overflown = false;
    if (!context.online()) return;
    if (error.retry) later(Math.max(error.retryAfter ?? 0, backoff(attempt++, random())));
    else refuse(error);
  };

  const refuse = (error: WireError): void => {
    forgetQuestions();
    refused = true;
    if (streaming) {
      streaming = false;
      context.listen();
    }
    owner.status('refused', error);
  };

  const gap = (): void => {
    if (asking || waiting) return;
    const now = clock.now();
    gaps = now - gapAt < SOON ? gaps + 1 : 1;
    gapAt = now;
    if (gaps <= PATIENT) ask();
    else later(backoff(gaps - PATIENT, random()));
  };

  const take = (event: MessageEvent): void => {
    if (!wanted || refused) return;
    if (!asking && owner.event(event)) return;
    if (held.length < MOST_HELD) held.push(event);
    else {
      held = [];
      overflown = true;
    }
    gap();
  };

  const askMembers = (tries = 0): void => {
    if (membersKnown) return;
    membersKnown = true;
    const own = question;
    const outdated = (): boolean => !wanted || !streaming || own > question;
    command('room.members', { room }).then(
      ({ members }) => {
        if (!outdated()) owner.members(members);
      },
      (reason: unknown) => {
        const { retry, retryAfter } = asClientError(reason);
        if (!retry || outdated() || !context.online()) return;
        cancelMembers = clock.after(Math.max(retryAfter ?? 0, backoff(tries, random())), () => {
          membersKnown = false;
          askMembers(tries + 1);
        });
      },
    );
  };

  const forgetQuestions = (): void => {
    question++;
    asking = false;
    held = [];
    overflown = false;
    gaps = 0;
    attempt = 0;
    membersKnown = false;
    waiting = false;
    cancelLater();
    cancelMembers();
  };

  return {
    open() {
      wanted = true;
      refused = false;
      owner.status('opening', null);
      ask();
    },
    event: take,
    page(page) {
      if (streaming && !owner.opened(page)) gap();
    },
    doubt() {
      if (!wanted || refused) return;
      // An event stream has to be opened again too.
      streaming = false;
      gap();
    },
    streaming: () => streaming,
    gone() {
      streaming = false;
      forgetQuestions();
      if (wanted) owner.status('opening', null);
    },
    removed: refuse,
    close() {
      const was = streaming;
      wanted = false;
      streaming = false;
      forgetQuestions();
      if (!was || !context.online()) return;
      context.listen();
      command('room.close', { room }).catch(() => {});
    },
  };
}
