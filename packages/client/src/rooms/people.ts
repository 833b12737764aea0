import type { EventData, Member, Message, Sender, UserId } from '@suda/protocol';

/** The members of a room as the log and the events tell them: pure steps from list to list. */
type Members = readonly Member[];

function change(members: Members, user: string, to: (member: Member) => Member): Members {
  const index = members.findIndex((member) => member.user.id === user);
  const old = members[index];
  if (!old) return members;
  const next = to(old);
  return next === old ? members : members.with(index, next);
}

/** The event `members`. */
export function withMembers(members: Members, { put, removed }: EventData<'members'>): Members {
  const changed = new Map(put.map((member) => [member.user.id, member]));
  const gone = new Set<string>(removed);
  const kept: Member[] = [];
  for (const member of members) {
    const { id } = member.user;
    if (gone.has(id)) continue;
    kept.push(changed.get(id) ?? member);
    changed.delete(id);
  }
  return [...kept, ...changed.values()];
}

/** The event `presence`. */
export function withPresence(members: Members, { online, offline }: EventData<'presence'>): Members {
  const now = new Map<string, boolean>();
  for (const id of online) now.set(id, true);
  for (const id of offline) now.set(id, false);
  return members.map((member) => {
    const here = now.get(member.user.id);
    return here === undefined || here === member.online ? member : { ...member, online: here };
  });
}

/** Somebody has read up to here: forward only, unless they went back on purpose. */
export function withRead(members: Members, user: string, pos: number, back?: boolean): Members {
  return change(members, user, (member) => (back || member.readPos < pos ? { ...member, readPos: pos } : member));
}

const newcomer = ({ id, name }: Sender, { at, pos }: Message): Member => ({
  user: { id, name, guest: false },
  role: 'member',
  joinedAt: at,
  readPos: pos,
  online: true,
});

/** A message of the log that is new: its sender has read it, and a notice says who came and went (R4.5). */
export function withMessage(members: Members, message: Message): Members {
  const { sender, notice, pos } = message;
  const read = sender ? withRead(members, sender.id, pos) : members;
  switch (notice?.type) {
    case 'joined':
    case 'invited': {
      const { user } = notice;
      // The event `members` says it more fully, and often sooner.
      return read.some((member) => member.user.id === user.id) ? read : [...read, newcomer(user, message)];
    }
    case 'left':
    case 'kicked':
      return read.filter((member) => member.user.id !== notice.user.id);
    case 'owner': {
      const owner: UserId = notice.user.id;
      return read.map((member) => {
        const role = member.user.id === owner ? 'owner' : 'member';
        return member.role === role ? member : { ...member, role };
      });
    }
    default:
      return read;
  }
}
