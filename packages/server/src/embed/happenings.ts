import { type Change, toMessage, toRoom, toUser } from '@suda/chat';
import type { EventData, Message, Room, RoomId, User, UserId } from '@suda/protocol';
import { wasKicked } from '../live/changes.ts';

/** What a host application can listen to: what became true, in the order of the commits, after each was on disk. */
export interface Happenings {
  /** Something was said: a text, or a notice such as "Mina joined" (`message.kind`). Also in private and direct rooms. */
  message: { readonly room: RoomId; readonly message: Message };
  /** A message was edited, deleted, or its reactions changed. */
  'message.changed': { readonly room: RoomId; readonly message: Message };
  'room.created': { readonly room: Room };
  /** Its title, kind, owner or limits changed. */
  'room.changed': { readonly room: Room };
  'room.removed': { readonly room: RoomId };
  /** Someone became a member. */
  'member.joined': { readonly room: RoomId; readonly user: User };
  /** Someone is no longer a member. */
  'member.left': { readonly room: RoomId; readonly user: UserId; readonly reason: EventData<'room.removed'>['reason'] };
  /** Someone has read up to here. */
  read: { readonly room: RoomId; readonly user: UserId; readonly pos: number };
  /** Someone is new, or has another name. */
  'user.changed': { readonly user: User };
}

export type HappeningName = keyof Happenings;
export type Listener<E extends HappeningName> = (happening: Happenings[E]) => unknown;
type AnyListener = (happening: unknown) => unknown;

const names: ReadonlySet<string> = new Set<HappeningName>([
  'message',
  'message.changed',
  'room.created',
  'room.changed',
  'room.removed',
  'member.joined',
  'member.left',
  'read',
  'user.changed',
]);

/** Tells a host's listeners. What one of them throws, or rejects with, is nobody else's trouble. */
export class HappeningListeners {
  readonly #listeners = new Map<HappeningName, Set<AnyListener>>();
  readonly #onError: (error: unknown, where: string) => void;

  constructor(onError: (error: unknown, where: string) => void) {
    this.#onError = onError;
  }

  /** @returns a function that ends it. @throws TypeError for a name that nothing happens under */
  on<E extends HappeningName>(event: E, listener: Listener<E>): () => void {
    if (!names.has(event)) throw new TypeError(`Nothing happens under the name "${event}". There are: ${[...names].join(', ')}.`);
    // One of its own for each call, so that ending one of two leaves one.
    const own: AnyListener = (happening) => listener(happening as Happenings[E]);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(own));
    return () => void listeners.delete(own);
  }

  /** @param changes of one commit, in their order */
  take(changes: readonly Change[]): void {
    if (this.#listeners.size === 0) return;
    for (const change of changes) this.#take(change, changes);
  }

  #take(change: Change, changes: readonly Change[]): void {
    switch (change.type) {
      case 'message': {
        const { message } = change;
        const name = message.rev === message.firstRev ? 'message' : 'message.changed';
        this.#tell(name, () => ({ room: message.room, message: toMessage(message) }));
        break;
      }
      case 'room':
        this.#tell(change.before === null ? 'room.created' : 'room.changed', () => ({ room: toRoom(change.room) }));
        break;
      case 'room.dropped':
        for (const user of change.members) this.#tell('member.left', () => ({ room: change.room, user, reason: 'vanished' }));
        this.#tell('room.removed', () => ({ room: change.room }));
        break;
      case 'member':
        this.#member(change);
        break;
      case 'member.dropped':
        if (change.before !== 'banned')
          this.#tell('member.left', () => ({
            room: change.room,
            user: change.user,
            reason: wasKicked(changes, change.user) ? 'kicked' : 'left',
          }));
        break;
      case 'read':
        this.#tell('read', () => ({ room: change.room, user: change.user, pos: change.pos, ...(change.back && { back: true as const }) }));
        break;
      case 'user':
        this.#tell('user.changed', () => ({ user: toUser(change.user) }));
    }
  }

  #member({ member, user, before }: Extract<Change, { type: 'member' }>): void {
    const wasIn = before !== null && before !== 'banned';
    const isIn = member.role !== 'banned';
    if (isIn && !wasIn) this.#tell('member.joined', () => ({ room: member.room, user: toUser(user) }));
    if (wasIn && !isIn) this.#tell('member.left', () => ({ room: member.room, user: user.id, reason: 'banned' }));
  }

  /** @param of made only if somebody listens, and for each anew: what one does with it is not seen by the next */
  #tell<E extends HappeningName>(event: E, of: () => Happenings[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        Promise.resolve(listener(of())).catch((error: unknown) => this.#onError(error, `listening to ${event}`));
      } catch (error) {
        this.#onError(error, `listening to ${event}`);
      }
    }
  }
}
