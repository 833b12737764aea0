import { limits } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Decision, Rule } from '../decide.ts';
import type { Effect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { MemberRecord, RoomRecord, UserRecord } from '../records.ts';
import { asOwner, effects, inside, isIn, nothing, notice, quiet, refuse, senderOf } from './decisions.ts';
import { fieldsOf } from './rooms.ts';

export const isFull = (room: RoomRecord): boolean => room.memberCount >= Math.min(room.capacity ?? limits.roomMembers, limits.roomMembers);

/** Someone takes their place. What was said before is there to be read, but isn't unread. A room without an owner keeps having none. */
export function enter(room: RoomRecord, user: UserRecord, by: UserRecord, now: number, ...also: readonly Effect[]): Decision {
  const place: MemberRecord = { room: room.id, user: user.id, role: 'member', joinedAt: now, readPos: room.pos, ...quiet };
  const what = by.id === user.id ? 'joined' : 'invited';
  return effects({ type: 'member.put', member: place }, notice(room.id, by, { type: what, user: senderOf(user) }, now), ...also);
}

export const join: Rule<RoomCommandOf<'room.join'>> = {
  plan: ({ actor, room }) => ({ actor, room, roomCounts: true }),
  decide: ({ actor, room, member, actorRooms }, command, now) => {
    if (actor === null) return refuse('unauthenticated');
    if (room === null) return refuse('no_such_room');
    if (isIn(member)) return nothing;
    if (room.kind === 'direct') return refuse('no_such_room');
    if (member !== null) return refuse('banned');
    if (room.passwordHash === null) {
      // Without a password, a private room is entered by invitation alone, and doesn't say that it exists.
      if (room.kind === 'private') return refuse('no_such_room');
    } else if (command.verifiedHash === null) {
      return refuse('password_required');
    } else if (command.verifiedHash !== room.passwordHash) {
      return refuse('wrong_password');
    }
    if (isFull(room)) return refuse('room_full');
    if (actorRooms >= limits.roomsPerUser) return refuse('too_many_rooms');
    return enter(room, actor, actor, now);
  },
};

export const invite: Rule<RoomCommandOf<'room.invite'>> = {
  plan: ({ actor, room, user }) => ({ actor, room, target: user, roomCounts: true }),
  decide: (facts, _command, now) =>
    inside(facts, ({ room, actor, member }) => {
      const { target, targetUser, targetRooms } = facts;
      if (room.kind === 'direct') return refuse('not_allowed');
      if (targetUser === null) return refuse('no_such_user');
      if (isIn(target)) return nothing;
      const mustBeOwner = target !== null || room.passwordHash !== null;
      if (mustBeOwner && member.role !== 'owner') return refuse('not_owner');
      if (isFull(room)) return refuse('room_full');
      if (targetRooms >= limits.roomsPerUser) return refuse('too_many_rooms', 'That person is in too many rooms.');
      return enter(room, targetUser, actor, now);
    }),
};

export const leave: Rule<RoomCommandOf<'room.leave'>> = {
  plan: ({ actor, room }) => ({ actor, room, successor: true }),
  decide: (facts, _command, now) =>
    inside(facts, ({ room, actor, member }) => {
      if (room.kind === 'direct') return refuse('not_allowed', 'A direct room cannot be left.');
      const list: Effect[] = [{ type: 'member.drop', room: room.id, user: actor.id }];
      if (room.memberCount <= 1 && room.ephemeral) return effects({ type: 'room.drop', room: room.id });
      list.push(notice(room.id, actor, { type: 'left', user: senderOf(actor) }, now));
      if (member.role === 'owner') list.push(...inherit(facts, room, now));
      return effects(...list);
    }),
};

/** An owner's room goes to the longest-standing other member; to nobody, if there is none. */
function inherit({ successor, successorMember, successorUser }: Facts, room: RoomRecord, now: number): Effect[] {
  const list: Effect[] = [{ type: 'room.put', room: { ...fieldsOf(room), owner: successor } }];
  if (successorMember !== null && successorUser !== null) {
    list.push(
      { type: 'member.put', member: { ...successorMember, role: 'owner' } },
      notice(room.id, null, { type: 'owner', user: senderOf(successorUser) }, now),
    );
  }
  return list;
}

export const kick: Rule<RoomCommandOf<'room.kick'>> = {
  plan: ({ actor, room, user }) => ({ actor, room, target: user }),
  decide: (facts, command, now) =>
    asOwner(facts, ({ room, actor }) => {
      const { target, targetUser } = facts;
      if (command.user === actor.id) return refuse('not_allowed', 'Leave the room instead.');
      if (targetUser === null) return refuse('no_such_user');
      const ban: Effect = {
        type: 'member.put',
        member: { room: room.id, user: command.user, role: 'banned', joinedAt: now, readPos: 0, ...quiet },
      };
      if (!isIn(target)) {
        if (!command.ban) return refuse('no_such_user', 'That person is not in the room.');
        return target === null ? effects(ban) : nothing;
      }
      return effects(
        command.ban ? ban : { type: 'member.drop', room: room.id, user: command.user },
        notice(room.id, actor, { type: 'kicked', user: senderOf(targetUser), banned: command.ban }, now),
      );
    }),
};

export const notify: Rule<RoomCommandOf<'room.notify'>> = {
  plan: ({ actor, room }) => ({ actor, room }),
  decide: (facts, command) =>
    inside(facts, ({ room, actor, member }) => {
      const { notify: level = member.notify, muted = member.muted } = command;
      if (level === member.notify && muted === member.muted) return nothing;
      return effects({ type: 'notify.put', room: room.id, user: actor.id, notify: level, muted });
    }),
};

export const read: Rule<RoomCommandOf<'room.read'>> = {
  plan: ({ actor, room }) => ({ actor, room }),
  decide: (facts, command) =>
    inside(facts, ({ room, actor, member }) => {
      const pos = Math.min(command.pos, room.pos);
      return pos <= member.readPos ? nothing : effects({ type: 'read.put', room: room.id, user: actor.id, pos });
    }),
};

export const unread: Rule<RoomCommandOf<'room.unread'>> = {
  plan: ({ actor, room }) => ({ actor, room }),
  decide: (facts, command) =>
    inside(facts, ({ room, actor, member }) => {
      const pos = command.pos - 1;
      return pos >= member.readPos ? nothing : effects({ type: 'read.put', room: room.id, user: actor.id, pos, back: true });
    }),
};
