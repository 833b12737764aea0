import { type Change, type Chat, defaultNotify, type MessageRecord, toMember, toMessage, toRoom, toUser } from '@suda/chat';
import { limits, type RoomId, type UserId } from '@suda/protocol';
import type { Realtime } from '@suda/realtime';
import type { People } from './people.ts';
import { isOfList, PublicList } from './public-list.ts';
import { activityTopic, entryOf, roomTopic, userTopic } from './room-log.ts';

/** A room tells those who haven't opened it what is going on no more often than this, in milliseconds. */
const ACTIVITY_EVERY = 250;

type RemovalReason = 'left' | 'kicked' | 'banned' | 'vanished';

/** Takes what became true from the bus to the sessions that it concerns. */
export class Changes {
  readonly #chat: Chat;
  readonly #realtime: Realtime;
  readonly #people: People;
  readonly #onError: (error: unknown) => void;
  /** Newcomers whose room is being looked up, to tell them of it. */
  readonly #welcomes = new Map<string, symbol>();
  readonly #list: PublicList;
  readonly #activity = new Map<RoomId, { last: MessageRecord | null }>();

  constructor(chat: Chat, realtime: Realtime, people: People, onError: (error: unknown) => void) {
    this.#chat = chat;
    this.#realtime = realtime;
    this.#people = people;
    this.#onError = onError;
    this.#list = new PublicList(realtime);
    chat.bus.subscribe((changes) => this.#take(changes));
  }

  #take(changes: readonly Change[]): void {
    if (changes.some(isOfList)) this.#list.change();
    for (const change of changes) {
      // It is on disk whatever happens here: one change that can't be told must not keep the others from being.
      try {
        this.#tell(change, changes);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #tell(change: Change, changes: readonly Change[]): void {
    switch (change.type) {
      case 'message':
        this.#message(change.message);
        for (const user of change.concerns ?? []) this.#mention(change.message, user).catch(this.#onError);
        break;
      case 'notify':
        this.#notify(change).catch(this.#onError);
        break;
      case 'member':
        this.#member(change, changes);
        break;
      case 'member.dropped':
        this.#removed(change.room, change.user, wasKicked(changes, change.user) ? 'kicked' : 'left');
        break;
      case 'room':
        if (change.before !== null) this.#toRoom(change.room.id, 'room.changed', { room: toRoom(change.room) });
        break;
      case 'room.dropped':
        for (const user of change.members) this.#removed(change.room, user, 'vanished');
        break;
      case 'read':
        this.#read(change);
        break;
      case 'place':
        this.#realtime.emit('place.changed', { place: change.place });
        break;
      case 'user':
        this.#user(change).catch(this.#onError);
    }
  }

  #message(message: MessageRecord): void {
    this.#realtime.active(roomTopic(message.room))?.offer(entryOf(message));
    if (message.rev !== message.firstRev || this.#realtime.active(activityTopic(message.room)) === undefined) return;
    const waiting = this.#activity.get(message.room);
    if (waiting) {
      waiting.last = message;
      return;
    }
    this.#tellActivity(message);
    this.#rest(message.room);
  }

  /** What is unread is looked up after the commit; who is no member by then hears nothing (P7). */
  async #mention(message: MessageRecord, user: UserId): Promise<void> {
    const { room } = message;
    if (this.#realtime.active(userTopic(user)) === undefined) return;
    const view = await this.#chat.store.roomView(room, user, 0);
    if (view === null || view.member === null || view.member.role === 'banned') return;
    this.#realtime.to(userTopic(user)).emit('mention', { room, mentions: view.mentions, message: toMessage(message) });
  }

  async #notify({ room, user, notify, muted }: Extract<Change, { type: 'notify' }>): Promise<void> {
    const kind = (await this.#chat.store.room(room))?.kind;
    if (kind !== undefined) this.#realtime.to(userTopic(user)).emit('notify', { room, notify: notify ?? defaultNotify(kind), muted });
  }

  /** After telling, a room is quiet for a moment; then its newest message is told, if there was one. */
  #rest(room: RoomId): void {
    const waiting: { last: MessageRecord | null } = { last: null };
    this.#activity.set(room, waiting);
    this.#realtime.clock.after(ACTIVITY_EVERY, () => {
      this.#activity.delete(room);
      if (waiting.last === null) return;
      this.#tellActivity(waiting.last);
      this.#rest(room);
    });
  }

  #tellActivity(message: MessageRecord): void {
    const { room, rev, pos } = message;
    this.#chat.store
      .room(room)
      .then((record) => {
        if (record === null) return;
        this.#realtime.to(activityTopic(room)).emit('room.activity', {
          room,
          epoch: record.epoch,
          head: Math.max(record.head, rev),
          pos: Math.max(record.pos, pos),
          last: toMessage(message),
        });
      })
      .catch(this.#onError);
  }

  #member(change: Extract<Change, { type: 'member' }>, changes: readonly Change[]): void {
    const { member, user, before } = change;
    const { room } = member;
    if (member.role === 'banned') {
      if (before !== null && before !== 'banned') this.#removed(room, user.id, 'banned');
      return;
    }
    const put = [toMember(member, user, this.#people.isHere(user.id))];
    this.#realtime.to(roomTopic(room)).emit('members', { room, put, removed: [] });
    if (before !== null && before !== 'banned') return;
    const created = changes.find((other) => other.type === 'room' && other.room.id === room);
    const tell = (of: Parameters<typeof toRoom>[0]): void =>
      this.#realtime.to(userTopic(user.id)).emit('room.changed', { room: toRoom(of) });
    for (const session of this.#sessionsOf(user.id)) this.#people.hearActivity(session, room);
    if (created?.type === 'room') tell(created.room);
    else {
      // Whoever is removed again before the room was looked up hears of nothing (P7).
      const key = `${room} ${user.id}`;
      const welcome = Symbol(key);
      this.#welcomes.set(key, welcome);
      this.#chat.store
        .room(room)
        .then((record) => {
          if (this.#welcomes.get(key) !== welcome) return;
          this.#welcomes.delete(key);
          if (record) tell(record);
        })
        .catch(this.#onError);
    }
  }

  /** P7: from here on nothing of the room reaches this user's sessions, whatever was said in the same commit. */
  #removed(room: RoomId, user: UserId, reason: RemovalReason): void {
    this.#welcomes.delete(`${room} ${user}`);
    for (const session of this.#sessionsOf(user)) {
      const listened = session.subscriptions.has(roomTopic(room));
      this.#people.lose(session, room);
      session.tell('room.removed', { room, reason });
      if (listened && session.transport === 'polling') session.close('sessionEnded');
    }
    this.#realtime.to(roomTopic(room)).emit('members', { room, put: [], removed: [user] });
  }

  #sessionsOf(user: UserId) {
    return [...(this.#realtime.active(userTopic(user))?.subscriptions ?? [])].map(({ session }) => session);
  }

  #read({ room, user, pos, back }: Extract<Change, { type: 'read' }>): void {
    const event = { room, user, pos, ...(back && { back }) };
    this.#realtime.to(userTopic(user)).emit('read', event);
    const topic = this.#realtime.active(roomTopic(room));
    if (topic && topic.subscriptions.size <= limits.smallRoomMembers) this.#realtime.to(roomTopic(room)).emit('read', event);
  }

  #toRoom(room: RoomId, event: string, data: unknown): void {
    this.#realtime.to(roomTopic(room)).emit(event, data);
    this.#realtime.to(activityTopic(room)).emit(event, data);
  }

  async #user({ user }: Extract<Change, { type: 'user' }>): Promise<void> {
    this.#realtime.to(userTopic(user.id)).emit('user.changed', { user: toUser(user) });
    for (const room of await this.#chat.store.roomsOf(user.id)) {
      if (this.#realtime.active(roomTopic(room)) === undefined) continue;
      const member = await this.#chat.store.member(room, user.id);
      if (member && member.role !== 'banned') {
        this.#realtime
          .to(roomTopic(room))
          .emit('members', { room, put: [toMember(member, user, this.#people.isHere(user.id))], removed: [] });
      }
    }
  }
}

/** The commit that removed someone says in its notice whether they went or were sent. */
export function wasKicked(changes: readonly Change[], user: UserId): boolean {
  return changes.some(
    (change) => change.type === 'message' && change.message.notice?.type === 'kicked' && change.message.notice.user.id === user,
  );
}
