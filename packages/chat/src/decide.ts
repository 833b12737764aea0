import type { ErrorCode } from '@suda/protocol';
import type { RoomCommand, RoomCommandOf, RoomCommandType } from './commands.ts';
import type { Effect } from './effects.ts';
import type { FactRequest, Facts } from './facts.ts';
import type { MessageRecord } from './records.ts';
import * as files from './rules/files.ts';
import * as gifs from './rules/gifs.ts';
import * as invitations from './rules/invitations.ts';
import * as membership from './rules/membership.ts';
import * as messages from './rules/messages.ts';
import * as place from './rules/place.ts';
import * as previews from './rules/previews.ts';
import * as rooms from './rules/rooms.ts';
import * as users from './rules/users.ts';

/** What a rule says to a command. */
export type Decision =
  | { readonly status: 'effects'; readonly effects: readonly Effect[] }
  | { readonly status: 'duplicate'; readonly message: MessageRecord }
  | { readonly status: 'refused'; readonly code: ErrorCode; readonly message?: string };

/** One command's rule: what it must know, and what it says then. Both pure. */
export interface Rule<C extends RoomCommand> {
  readonly plan: (command: C) => FactRequest;
  readonly decide: (facts: Facts, command: C, now: number) => Decision;
}

/** Every command has its rule here, or this does not compile. */
const rules: { readonly [T in RoomCommandType]: Rule<RoomCommandOf<T>> } = {
  'user.create': users.create,
  'user.rename': users.rename,
  'place.claim': place.claim,
  'place.update': place.update,
  'place.release': place.release,
  'room.create': rooms.create,
  'room.found': rooms.found,
  'room.update': rooms.update,
  'room.transfer': rooms.transfer,
  'direct.open': rooms.openDirect,
  'room.join': membership.join,
  'room.leave': membership.leave,
  'room.invite': membership.invite,
  'room.kick': membership.kick,
  'room.read': membership.read,
  'room.unread': membership.unread,
  'invitation.create': invitations.create,
  'invitation.accept': invitations.accept,
  'invitation.revoke': invitations.revoke,
  'room.notify': membership.notify,
  'file.put': files.put,
  'file.drop': files.drop,
  'gif.add': gifs.add,
  'gif.remove': gifs.remove,
  'message.send': messages.send,
  'message.edit': messages.edit,
  'message.delete': messages.remove,
  'message.react': messages.react,
  'message.unreact': messages.unreact,
  'message.preview': previews.put,
  'message.unpreview': previews.takeOff,
};

/** TypeScript cannot follow that a table's entry fits the command that names it; this one line says so. */
const ruleOf = (command: RoomCommand): Rule<RoomCommand> => rules[command.type] as unknown as Rule<RoomCommand>;

/** Which facts the rule of this command needs. Pure. */
export function plan(command: RoomCommand): FactRequest {
  return ruleOf(command).plan(command);
}

/**
 * The rule itself. Pure: the same facts, command and time give the same decision.
 * @param now milliseconds since 1970, for what people read; no decision hangs on it (P9)
 */
export function decide(facts: Facts, command: RoomCommand, now: number): Decision {
  return ruleOf(command).decide(facts, command, now);
}
