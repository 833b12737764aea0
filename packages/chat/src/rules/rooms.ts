import { limits } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import type { Effect } from '../effects.ts';
import type { RoomFields, RoomRecord } from '../records.ts';
import { asOwner, effects, isIn, nothing, notice, quiet, refuse, senderOf } from './decisions.ts';
import { isOpen } from './gifs.ts';

export const create: Rule<RoomCommandOf<'room.create'>> = {
  plan: ({ actor, room }) => ({ actor, room, roomCounts: true }),
  decide: ({ actor, room, actorRooms }, command, now) => {
    if (actor === null) return refuse('unauthenticated');
    if (room !== null) return nothing;
    if (actorRooms >= limits.roomsPerUser) return refuse('too_many_rooms');
    const { name, kind, capacity, passwordHash, ephemeral } = command;
    return effects(
      { type: 'room.put', room: { id: command.room, kind, name, owner: actor.id, capacity, passwordHash, ephemeral, createdAt: now } },
      { type: 'member.put', member: { room: command.room, user: actor.id, role: 'owner', joinedAt: now, readPos: 0, ...quiet } },
      notice(command.room, actor, { type: 'created' }, now),
    );
  },
};

export const found: Rule<RoomCommandOf<'room.found'>> = {
  plan: ({ actor, room }) => ({ actor, room }),
  decide: ({ room }, command, now) =>
    room !== null
      ? nothing
      : effects({
          type: 'room.put',
          room: {
            id: command.room,
            kind: 'public',
            name: command.name,
            owner: null,
            capacity: null,
            passwordHash: null,
            ephemeral: false,
            createdAt: now,
          },
        }),
};

/** The fields of a room without its counters. */
export function fieldsOf(room: RoomRecord): RoomFields {
  const { id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt } = room;
  return { id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt };
}

export const update: Rule<RoomCommandOf<'room.update'>> = {
  plan: ({ actor, room }) => ({ actor, room }),
  decide: (facts, command, now) =>
    asOwner(facts, ({ room, actor }) => {
      const { name, kind, capacity, passwordHash, ephemeral } = command;
      const fields: RoomFields = {
        ...fieldsOf(room),
        ...(name === undefined ? {} : { name }),
        ...(kind === undefined ? {} : { kind }),
        ...(capacity === undefined ? {} : { capacity }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
        ...(ephemeral === undefined ? {} : { ephemeral }),
      };
      const before = fieldsOf(room);
      if ((Object.keys(before) as (keyof RoomFields)[]).every((key) => before[key] === fields[key])) return nothing;
      const list: Effect[] = [{ type: 'room.put', room: fields }];
      // What was shown to everyone is now shown to some.
      if (isOpen(room) && !isOpen(fields)) list.push({ type: 'gif.forget', room: room.id, pos: null });
      if (fields.name !== room.name) list.push(notice(room.id, actor, { type: 'renamed', name: fields.name }, now));
      return effects(...list);
    }),
};

export const transfer: Rule<RoomCommandOf<'room.transfer'>> = {
  plan: ({ actor, room, user }) => ({ actor, room, target: user }),
  decide: (facts, command, now) =>
    asOwner(facts, ({ room, actor, member }) => {
      const { target, targetUser } = facts;
      if (targetUser === null || !isIn(target)) return refuse('no_such_user', 'That person is not in the room.');
      if (command.user === actor.id) return nothing;
      return effects(
        { type: 'room.put', room: { ...fieldsOf(room), owner: command.user } },
        { type: 'member.put', member: { ...member, role: 'member' } },
        { type: 'member.put', member: { ...target, role: 'owner' } },
        notice(room.id, actor, { type: 'owner', user: senderOf(targetUser) }, now),
      );
    }),
};

/** The id of a direct room follows from its two people, so two who open it at the same moment open the same one. */
export const openDirect: Rule<RoomCommandOf<'direct.open'>> = {
  plan: ({ actor, room, user }) => ({ actor, room, target: user, roomCounts: true }),
  decide: (facts, command, now) => {
    const { actor, room, targetUser, actorRooms, targetRooms } = facts;
    if (actor === null) return refuse('unauthenticated');
    if (targetUser === null) return refuse('no_such_user');
    if (room !== null) return nothing;
    if (actorRooms >= limits.roomsPerUser) return refuse('too_many_rooms');
    if (targetRooms >= limits.roomsPerUser) return refuse('too_many_rooms', 'That person is in too many rooms.');
    const people = actor.id === targetUser.id ? [actor] : [actor, targetUser];
    return effects(
      {
        type: 'room.put',
        room: {
          id: command.room,
          kind: 'direct',
          name: '',
          owner: null,
          capacity: people.length,
          passwordHash: null,
          ephemeral: false,
          createdAt: now,
        },
      },
      ...people.map(
        ({ id }): Effect => ({
          type: 'member.put',
          member: { room: command.room, user: id, role: 'member', joinedAt: now, readPos: 0, ...quiet },
        }),
      ),
    );
  },
};
