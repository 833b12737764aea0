import type { Gif, Invitation, Member, Message, NotifyLevel, Room, RoomSummary, User } from '@suda/protocol';
import type { GifRecord, InvitationRecord, MemberRecord, MessageRecord, RoomRecord, UserRecord } from './records.ts';
import type { RoomView } from './store.ts';

/** What is kept, as the wire shows it. */
export function toMessage(record: MessageRecord): Message {
  const { room, pos, rev, kind, sender, clientId, text, at, editedAt, deleted, replyTo, via, notice, reactions } = record;
  const { attachments, mentions, preview } = record;
  const message: Message = { room, pos, rev, kind, sender, text, at };
  if (clientId !== null) message.clientId = clientId;
  if (editedAt !== null) message.editedAt = editedAt;
  if (deleted) message.deleted = true;
  if (replyTo !== null) message.replyTo = replyTo;
  if (via !== null) message.via = via;
  if (notice !== null) message.notice = notice;
  if (reactions.length > 0) message.reactions = reactions.map(({ emoji, users }) => ({ emoji, users: [...users] }));
  if (attachments.length > 0) message.attachments = [...attachments];
  if (mentions.length > 0) message.mentions = [...mentions];
  if (preview !== null && preview !== 'off') message.preview = preview;
  return message;
}

export const toGif = ({ attachment, words, by }: GifRecord): Gif => ({ file: attachment, words, by });

export const toUser = ({ id, name, guest }: UserRecord): User => ({ id, name, guest });

export function toRoom(room: RoomRecord): Room {
  const { id, kind, name, owner, capacity, passwordHash, ephemeral, memberCount, createdAt } = room;
  return { id, kind, name, owner, capacity, locked: passwordHash !== null, ephemeral, memberCount, createdAt };
}

export const toMember = (member: MemberRecord, user: UserRecord, online: boolean): Member => ({
  user: toUser(user),
  role: member.role === 'owner' ? 'owner' : 'member',
  joinedAt: member.joinedAt,
  readPos: member.readPos,
  online,
});

export function toInvitation(record: InvitationRecord, { id, name }: UserRecord): Invitation {
  const { code, room, createdAt, expiresAt, uses, used } = record;
  return { code, room, by: { id, name }, createdAt, expiresAt, uses, used };
}

/** What a member is told of who never said what they want. */
export const defaultNotify = (kind: Room['kind']): NotifyLevel => (kind === 'direct' ? 'all' : 'mentions');

/** A room as one user's list shows it. Those outside learn that it is there and how lively, not what is said. */
export function toSummary({ room, member, last, people, mentions }: RoomView): RoomSummary {
  const inside = member !== null && member.role !== 'banned';
  const readPos = inside ? member.readPos : 0;
  const summary: RoomSummary = {
    ...toRoom(room),
    role: inside ? (member.role === 'owner' ? 'owner' : 'member') : null,
    epoch: room.epoch,
    head: room.head,
    pos: room.pos,
    readPos,
    unread: inside ? room.pos - readPos : 0,
    last: inside && last !== null ? toMessage(last) : null,
  };
  if (!inside) return summary;
  if (mentions.length > 0) summary.mentions = [...mentions];
  if (member.notify !== null) summary.notify = member.notify;
  if (member.muted) summary.muted = true;
  if (people !== null) summary.people = people.map(toUser);
  return summary;
}

/** Whether this user may know that the room exists: PROTOCOL R3.6. */
export function mayKnow(view: RoomView): boolean {
  const { room, member } = view;
  if (member !== null) return true;
  return room.kind === 'public' || (room.kind === 'private' && room.passwordHash !== null);
}
