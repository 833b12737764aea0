import type { ErrorCode, Notice, RoomId, Sender } from '@suda/protocol';
import type { Decision } from '../decide.ts';
import type { Effect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { MemberRecord, RoomRecord, UserRecord } from '../records.ts';

export const refuse = (code: ErrorCode, message?: string): Decision =>
  message === undefined ? { status: 'refused', code } : { status: 'refused', code, message };

export const effects = (...list: readonly Effect[]): Decision => ({ status: 'effects', effects: list });

/** Allowed, and already so. */
export const nothing: Decision = { status: 'effects', effects: [] };

export const senderOf = (user: UserRecord): Sender => ({ id: user.id, name: user.name });

export const isIn = (member: MemberRecord | null): member is MemberRecord => member !== null && member.role !== 'banned';

/** A new place: nothing was said yet of what one wants to be told. */
export const quiet = { notify: null, muted: false } as const;

/** Says in the room's own log what happened there. */
export function notice(room: RoomId, by: UserRecord | null, what: Notice, now: number): Effect {
  return {
    type: 'message.append',
    room,
    message: {
      kind: 'notice',
      sender: by === null ? null : senderOf(by),
      clientId: null,
      text: '',
      at: now,
      replyTo: null,
      via: null,
      notice: what,
      attachments: [],
      mentions: [],
    },
  };
}

/** The room, its actor and the actor's place in it. */
export interface Inside {
  readonly room: RoomRecord;
  readonly actor: UserRecord;
  readonly member: MemberRecord;
}

/**
 * Every command inside a room passes here (P7). A room that one may not know of is refused like one that doesn't exist.
 */
export function inside(facts: Facts, then: (inside: Inside) => Decision): Decision {
  const { room, actor, member } = facts;
  if (actor === null) return refuse('unauthenticated');
  if (room === null) return refuse('no_such_room');
  if (member?.role === 'banned') return refuse('banned');
  if (member === null) return refuse(room.kind === 'public' || room.passwordHash !== null ? 'not_member' : 'no_such_room');
  return then({ room, actor, member });
}

/** Like `inside`, for what only the owner may do. */
export function asOwner(facts: Facts, then: (inside: Inside) => Decision): Decision {
  return inside(facts, (it) => {
    if (it.room.kind === 'direct') return refuse('not_allowed');
    return it.member.role === 'owner' ? then(it) : refuse('not_owner');
  });
}
