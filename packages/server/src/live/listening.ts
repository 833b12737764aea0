import { type Chat, toMessage, toSummary } from '@suda/chat';
import { type Cursor, errors, limits, type RoomId, SudaError, type UserId } from '@suda/protocol';
import { Encoded, type LogEntry, type Session, type Subscription } from '@suda/realtime';
import { activityTopic, RoomLog, roomTopic } from './room-log.ts';

/** What `room.open` and a poll say of one room. */
export interface Opened {
  readonly room: RoomId;
  readonly epoch: string;
  readonly head: number;
  /** Whether there is anything that the asker doesn't have. */
  readonly news: boolean;
  readonly answer: Encoded;
}

/**
 * The one way in (design §5): take note of the subscription, read what follows the cursor, answer, go live.
 * Never read and then subscribe: what is said in between would be lost.
 */
export class Listening {
  readonly #chat: Chat;

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Reads a room from a cursor on, without a subscription. */
  async read(user: UserId, room: RoomId, cursor: Cursor | undefined): Promise<Opened> {
    const view = await this.#chat.readable(user, room);
    const summary = JSON.stringify(toSummary(view));
    if (cursor !== undefined && cursor.epoch === view.room.epoch && cursor.rev <= view.room.head) {
      const page = await this.#chat.store.changes(room, cursor.rev, limits.resumeChanges + 1);
      if (page !== null && page.epoch === cursor.epoch && page.messages.length <= limits.resumeChanges) {
        await this.#chat.stillInside(user, room);
        const changes = page.messages.map((message) => JSON.stringify(toMessage(message)));
        if (isSendable(changes)) return changesAnswer(room, summary, page.epoch, page.head, changes);
      }
    }
    return this.#reset(user, room, summary);
  }

  async #reset(user: UserId, room: RoomId, summary: string): Promise<Opened> {
    const { epoch, head, messages } = await this.#chat.latest(room);
    await this.#chat.stillInside(user, room);
    const json = `{"reset":true,"room":${summary},"epoch":${JSON.stringify(epoch)},"head":${head},"messages":${JSON.stringify(messages.map(toMessage))}}`;
    return { room, epoch, head, news: true, answer: new Encoded(json) };
  }

  /** From the topic's tail if it reaches back so far, from the store otherwise. */
  async #since(user: UserId, subscription: Subscription, log: RoomLog, cursor: Cursor | undefined): Promise<Opened> {
    const { topic } = subscription;
    if (cursor === undefined || cursor.epoch !== log.epoch || cursor.rev > topic.head) return this.read(user, log.room, undefined);
    const summary = JSON.stringify(toSummary(await this.#chat.readable(user, log.room)));
    // Looked at after the wait, and without another one until the answer stands.
    const { head } = topic;
    const entries = topic.since(cursor.rev);
    if (entries === undefined) return this.read(user, log.room, cursor);
    const changes = entries.map(({ json }: LogEntry) => json);
    return isSendable(changes) ? changesAnswer(log.room, summary, log.epoch, head, changes) : this.read(user, log.room, undefined);
  }

  /**
   * Opens a room on a session.
   * @returns the answer; `stands`, to be called right before it goes; and `goLive`, to be called when it is on its way
   * @throws SudaError when the user may not read the room, or no longer, by the time of the answer (P7). `stands` too
   */
  async open(
    session: Session,
    user: UserId,
    room: RoomId,
    cursor: Cursor | undefined,
  ): Promise<{ opened: Opened; stands: () => void; goLive: () => void }> {
    const name = roomTopic(room);
    const subscription = session.join(name, new RoomLog(room, this.#chat.store));
    const wasAt = subscription.hold();
    try {
      await this.#chat.readable(user, room);
      if (!(await subscription.topic.ready())) throw new SudaError('no_such_room');
      const log = subscription.topic.log;
      if (!(log instanceof RoomLog)) throw new SudaError('internal');
      const opened = await this.#since(user, subscription, log, cursor);
      const stands = (): void => {
        if (subscription.ended) throw new SudaError(session.open ? 'not_member' : 'unavailable');
      };
      stands();
      session.leave(activityTopic(room));
      return { opened, stands, goLive: () => subscription.start(opened.head) };
    } catch (error) {
      // What failed for a moment does not end what was going on.
      const passing = !(error instanceof SudaError) || errors[error.code].retry;
      if (passing && wasAt !== undefined) subscription.start(wasAt);
      else if (session.subscriptions.get(name) === subscription) session.leave(name);
      throw error;
    }
  }

  /**
   * Opens a room on an event stream: from the cursor on everything comes as events, without one the event `reset` is the beginning.
   * @returns how to go live
   */
  async stream(session: Session, user: UserId, room: RoomId, cursor: Cursor | undefined): Promise<() => void> {
    const subscription = session.join(roomTopic(room), new RoomLog(room, this.#chat.store));
    await this.#chat.readable(user, room);
    if (!(await subscription.topic.ready())) throw new SudaError('no_such_room');
    const log = subscription.topic.log;
    if (!(log instanceof RoomLog)) throw new SudaError('internal');
    const goesOn = cursor !== undefined && cursor.epoch === log.epoch && cursor.rev <= subscription.topic.head;
    const reset = goesOn ? undefined : await this.#reset(user, room, JSON.stringify(toSummary(await this.#chat.readable(user, room))));
    if (subscription.ended) throw new SudaError('not_member');
    return () => {
      subscription.place(reset?.head ?? cursor?.rev ?? 0);
      if (reset)
        session.enqueue(
          session.encoding.logged?.('reset', reset.answer.json, session) ?? session.encoding.event('reset', reset.answer.json),
        );
      subscription.catchUp();
    };
  }
}

/** One answer is at most so long, in characters: it is made in memory, whole. */
const RESUME_LENGTH = 1_000_000;

const isSendable = (changes: readonly string[]): boolean => changes.reduce((sum, json) => sum + json.length, 0) <= RESUME_LENGTH;

function changesAnswer(room: RoomId, summary: string, epoch: string, head: number, changes: readonly string[]): Opened {
  const json = `{"room":${summary},"epoch":${JSON.stringify(epoch)},"head":${head},"changes":[${changes.join(',')}]}`;
  return { room, epoch, head, news: changes.length > 0, answer: new Encoded(json) };
}
