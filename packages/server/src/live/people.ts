import { type Chat, Presence } from '@suda/chat';
import { limits, type RoomId, type UserId } from '@suda/protocol';
import type { Realtime, Session } from '@suda/realtime';
import type { Others } from '../others.ts';
import { activityTopic, listTopic, roomTopic, userTopic } from './room-log.ts';

/** Someone who was away for less never left, as far as others can see: a reload, a bad moment of the network. */
const AWAY_AFTER = 5_000;
/** Whoever is away for so long leaves the rooms that vanish when empty. */
const EPHEMERAL_AFTER = 60_000;
const PRESENCE_EVERY = 1_000;

interface Comings {
  readonly online: Set<UserId>;
  readonly offline: Set<UserId>;
}

/** Whose session is whose, who is here, and telling the rooms so, at most once a second for each room. */
export class People {
  readonly #chat: Chat;
  readonly #realtime: Realtime;
  /** Of all processes: each other one that someone is in counts as a session of theirs. */
  readonly #presence = new Presence();
  /** Of this process. */
  readonly #own = new Presence();
  readonly #here = new Set<UserId>();
  readonly #users = new WeakMap<Session, UserId>();
  /** For each session that is being introduced, perhaps twice at a time: the rooms that its user has lost meanwhile. */
  readonly #lost = new Map<Session, Set<Set<RoomId>>>();
  /** Who is away, and how to stop counting the time. */
  readonly #away = new Map<UserId, () => void>();
  readonly #comings = new Map<RoomId, Comings>();
  #telling = false;
  #ended = false;
  #cancelBeginning: () => void = () => {};
  readonly #onError: (error: unknown) => void;
  readonly #others: Others | undefined;

  constructor(chat: Chat, realtime: Realtime, onError: (error: unknown) => void, others?: Others) {
    this.#chat = chat;
    this.#realtime = realtime;
    this.#onError = onError;
    this.#others = others;
    realtime.on('end', (session) => this.#depart(session));
    others?.hear((word) => {
      if (word.type === 'arrived') this.#arriveElsewhere(word.user);
      if (word.type === 'departed') this.#gone(word.user);
    });
  }

  userOf(session: Session): UserId | undefined {
    return this.#users.get(session);
  }

  isHere(user: UserId): boolean {
    return this.#here.has(user);
  }

  /**
   * The session speaks for this user from now on, and hears the activity of rooms.
   * @param lookUp reads which these are. By then the session listens for removals already: what was read before one of them doesn't count (P7)
   */
  async bind(session: Session, user: UserId, lookUp: () => Promise<readonly RoomId[]>): Promise<void> {
    const before = this.#users.get(session);
    if (before !== undefined && before !== user) this.#unbind(session, before);
    let arrived = false;
    // A session that ended while its door was still being opened is nobody's.
    if (before !== user && session.open) {
      this.#users.set(session, user);
      session.join(userTopic(user));
      session.join(listTopic);
      if (this.#own.arrive(user)) this.#others?.tell({ type: 'arrived', user });
      arrived = this.#come(user);
    }
    const lost = new Set<RoomId>();
    const introductions = this.#lost.get(session) ?? new Set();
    this.#lost.set(session, introductions.add(lost));
    try {
      const rooms = (await lookUp()).filter((room) => !lost.has(room));
      if (this.#users.get(session) !== user) return;
      if (arrived) this.#tell(user, rooms, true);
      for (const room of rooms) this.hearActivity(session, room);
    } finally {
      introductions.delete(lost);
      if (introductions.size === 0) this.#lost.delete(session);
    }
  }

  /** @returns whether this is news: nobody saw them as being here */
  #come(user: UserId): boolean {
    this.#away.get(user)?.();
    this.#away.delete(user);
    const arrived = this.#presence.arrive(user) && !this.#here.has(user);
    if (arrived) this.#here.add(user);
    return arrived;
  }

  #arriveElsewhere(user: UserId): void {
    // While nobody is connected there is nobody to tell: a process that begins hears of everyone who is in the others.
    if (this.#come(user) && this.#realtime.sessions.size > 0)
      this.#chat.store.roomsOf(user).then((rooms) => this.#tell(user, rooms, true), this.#onError);
  }

  /** The session's user is no longer in this room. */
  lose(session: Session, room: RoomId): void {
    for (const lost of this.#lost.get(session) ?? []) lost.add(room);
    session.leave(activityTopic(room));
    session.leave(roomTopic(room));
  }

  hearActivity(session: Session, room: RoomId): void {
    if (!session.subscriptions.has(roomTopic(room))) session.join(activityTopic(room));
  }

  #unbind(session: Session, user: UserId): void {
    for (const name of [...session.subscriptions.keys()]) session.leave(name);
    this.#users.delete(session);
    this.#end(user);
  }

  #depart(session: Session): void {
    const user = this.#users.get(session);
    if (user === undefined) return;
    this.#users.delete(session);
    this.#end(user);
  }

  /** A session of theirs is over. */
  #end(user: UserId): void {
    if (this.#own.depart(user)) this.#others?.tell({ type: 'departed', user });
    this.#gone(user);
  }

  #gone(user: UserId): void {
    if (!this.#presence.depart(user) || this.#ended) return;
    const { clock } = this.#realtime;
    const cancelAway = clock.after(AWAY_AFTER, () => {
      if (this.#here.delete(user)) this.#chat.store.roomsOf(user).then((rooms) => this.#tell(user, rooms, false), this.#onError);
    });
    const cancelLeaving = clock.after(EPHEMERAL_AFTER, () => {
      this.#away.delete(user);
      if (this.#leads) this.#leaveEphemeral(user).catch(this.#onError);
    });
    this.#away.set(user, () => {
      cancelAway();
      cancelLeaving();
    });
  }

  /** All processes count; one of them acts. */
  get #leads(): boolean {
    return this.#others?.leads ?? true;
  }

  /** One room that can't be left keeps nobody in the others. */
  async #leaveEphemeral(user: UserId): Promise<void> {
    for (const { room } of (await this.#chat.store.ephemeralMembers()).filter((member) => member.user === user)) {
      if (!this.#presence.isHere(user)) await this.#chat.execute({ type: 'room.leave', actor: user, room }).catch(this.#onError);
    }
  }

  /** After a start nobody is here. Whoever doesn't come back in time leaves the rooms that vanish when empty. */
  begin(): void {
    this.#cancelBeginning = this.#realtime.clock.after(EPHEMERAL_AFTER, () => {
      if (!this.#leads) return;
      this.#chat.store
        .ephemeralMembers()
        .then(async (members) => {
          for (const user of new Set(members.map((member) => member.user))) {
            // Who came and went since has a time of their own running.
            if (!this.#presence.isHere(user) && !this.#away.has(user)) await this.#leaveEphemeral(user);
          }
        })
        .catch(this.#onError);
    });
  }

  /** The server has stopped: there is nobody to tell, and no store to ask. */
  end(): void {
    this.#ended = true;
    this.#cancelBeginning();
    for (const cancel of this.#away.values()) cancel();
    this.#away.clear();
  }

  #tell(user: UserId, rooms: readonly RoomId[], online: boolean): void {
    for (const room of rooms) {
      const topic = this.#realtime.active(roomTopic(room));
      if (topic === undefined || topic.subscriptions.size > limits.smallRoomMembers) continue;
      const comings = this.#comings.get(room) ?? { online: new Set(), offline: new Set() };
      this.#comings.set(room, comings);
      comings[online ? 'online' : 'offline'].add(user);
      comings[online ? 'offline' : 'online'].delete(user);
    }
    if (this.#telling || this.#comings.size === 0) return;
    this.#telling = true;
    this.#realtime.clock.after(PRESENCE_EVERY, () => {
      this.#telling = false;
      for (const [room, { online, offline }] of this.#comings) {
        this.#realtime.to(roomTopic(room)).emit('presence', { room, online: [...online], offline: [...offline] });
      }
      this.#comings.clear();
    });
  }
}
