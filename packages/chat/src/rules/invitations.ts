import { limits } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import type { Effect } from '../effects.ts';
import type { InvitationRecord, MemberRecord, RoomRecord } from '../records.ts';
import { effects, inside, isIn, nothing, refuse } from './decisions.ts';
import { enter, isFull } from './membership.ts';

/** Whoever could bring someone in may also hand out invitations, and these are worth no more than that: looked up anew each time (P7). */
const mayInvite = (room: RoomRecord, member: MemberRecord | null): boolean =>
  isIn(member) && room.kind !== 'direct' && (room.passwordHash === null || member.role === 'owner');

/** Not run out. The one thing that a clock decides here (P9), because people ask for an end; it is the server's own. */
const isLeft = ({ expiresAt, uses, used }: InvitationRecord, now: number): boolean =>
  (expiresAt === null || now < expiresAt) && (uses === null || used < uses);

/** Whether an invitation lets someone in now. @param maker the place in the room of whoever made it */
export const holds = (invitation: InvitationRecord, room: RoomRecord, maker: MemberRecord | null, now: number): boolean =>
  isLeft(invitation, now) && mayInvite(room, maker);

/** Those of the room that have run out are forgotten on the way, so they never pile up. */
export const create: Rule<RoomCommandOf<'invitation.create'>> = {
  plan: ({ actor, room }) => ({ actor, room, invitations: true }),
  decide: (facts, { invitation }, now) =>
    inside(facts, ({ room, member }) => {
      if (room.kind === 'direct') return refuse('not_allowed');
      if (!mayInvite(room, member)) return refuse('not_owner');
      const over = facts.invitations.filter((one) => !isLeft(one, now));
      if (facts.invitations.length - over.length >= limits.invitationsPerRoom) return refuse('too_many_invitations');
      return effects(...over.map(({ code }): Effect => ({ type: 'invitation.drop', code })), { type: 'invitation.put', invitation });
    }),
};

export const accept: Rule<RoomCommandOf<'invitation.accept'>> = {
  plan: ({ actor, room, by, code }) => ({ actor, room, target: by, invitation: code, roomCounts: true }),
  decide: ({ actor, room, member, target, invitation, actorRooms }, command, now) => {
    if (actor === null) return refuse('unauthenticated');
    if (room === null || invitation === null || invitation.room !== room.id) return refuse('no_such_invitation');
    // Also with one that has run out: whoever came by it and opens the link again is where it led.
    if (isIn(member)) return nothing;
    if (invitation.by !== command.by || !holds(invitation, room, target, now)) return refuse('no_such_invitation');
    if (member !== null) return refuse('banned');
    if (isFull(room)) return refuse('room_full');
    if (actorRooms >= limits.roomsPerUser) return refuse('too_many_rooms');
    return enter(room, actor, actor, now, { type: 'invitation.put', invitation: { ...invitation, used: invitation.used + 1 } });
  },
};

export const revoke: Rule<RoomCommandOf<'invitation.revoke'>> = {
  plan: ({ actor, room, code }) => ({ actor, room, invitation: code }),
  decide: (facts, { code }) => {
    const { room, member, invitation } = facts;
    // To those outside it there is nothing here: not even that the code was right.
    if (room === null || invitation === null || invitation.room !== room.id || member === null)
      return facts.actor === null ? refuse('unauthenticated') : refuse('no_such_invitation');
    return inside(facts, ({ actor, member: place }) =>
      invitation.by === actor.id || place.role === 'owner' ? effects({ type: 'invitation.drop', code }) : refuse('not_owner'),
    );
  },
};
