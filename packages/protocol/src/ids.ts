import { z } from 'zod';
import { limits } from './limits.ts';

const id = z.string().regex(/^[a-z][a-z0-9_]{1,63}$/, 'an id is 2 to 64 of a-z, 0-9 and _, beginning with a letter');

/** A room's id. A direct room's is made of its two people's ids, so that there can only be one: see `directRoomId`. */
export const RoomId = id.brand<'RoomId'>();
export type RoomId = z.infer<typeof RoomId>;

/** A user's id has no underscore, so that a direct room's id can be taken apart again. */
export const UserId = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,29}$/, 'a user id is 2 to 30 of a-z and 0-9, beginning with a letter')
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/** A file that someone uploaded. It can't be guessed, but that is no key to it: rights are looked up (P7). */
export const FileId = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,29}$/, 'a file id is 2 to 30 of a-z and 0-9, beginning with a letter')
  .brand<'FileId'>();
export type FileId = z.infer<typeof FileId>;

/** What opens a room to whoever holds it (PROTOCOL §15). It can't be guessed. */
export const InvitationCode = z
  .string()
  .regex(/^[a-z][a-z0-9]{11,29}$/, 'a code is 12 to 30 of a-z and 0-9, beginning with a letter')
  .brand<'InvitationCode'>();
export type InvitationCode = z.infer<typeof InvitationCode>;

/** A message's place in its room: 1, 2, 3 … */
export const Pos = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export type Pos = number;

/** The room's counter of changes. 0 means "I have nothing yet". */
export const Rev = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export type Rev = number;

/** Names one life of a room's log. */
export const Epoch = z.string().regex(/^[a-z0-9]{1,32}$/, 'an epoch is 1 to 32 of a-z and 0-9');
export type Epoch = string;

/** Made by the client, once per message, and sent again unchanged with every retry (P2). */
export const ClientId = z
  .string()
  .min(1)
  .max(limits.clientIdLength)
  .regex(/^[\x21-\x7e]+$/, 'a clientId is printable ASCII without spaces');
export type ClientId = string;

/** (epoch, rev): "I have every change of this room up to rev." */
export interface Cursor {
  readonly epoch: Epoch;
  readonly rev: Rev;
}

/**
 * The one direct room of two people. The same for both and on every node, without a look-up.
 * A room with oneself is allowed: notes to self.
 */
export function directRoomId(a: UserId, b: UserId): RoomId {
  const [first, second] = a < b ? [a, b] : [b, a];
  return `d_${first}_${second}` as RoomId;
}

/** The other person of a direct room. @returns undefined when this is no direct room of theirs */
export function directPeer(room: RoomId, me: UserId): UserId | undefined {
  const [prefix, a, b, ...rest] = room.split('_');
  if (prefix !== 'd' || a === undefined || b === undefined || rest.length > 0) return undefined;
  if (a === me) return b as UserId;
  return b === me ? (a as UserId) : undefined;
}
