import type { DatabaseSync } from 'node:sqlite';
import type { Findings } from './findings.ts';
import type { KeptRoom } from './rows.ts';
import { query } from './sqlite.ts';

type LogRow = readonly [pos: number, rev: number, firstRev: number, at: number, deleted: number, bare: number, replyTo: number | null];

/**
 * Verifies one room's log, its counters and its members:
 *
 * - positions are exactly 1 … pos (P3);
 * - firstRev rises with pos; the first message's is 1; none is above the message's rev;
 * - revs are no higher than head, and the highest is head. A changed message has left its old rev, so current revs have holes; but
 *   every rev was given once: a changed message's rev is nobody's firstRev. (That no two messages share one, the unique index says.);
 * - a deleted message has no text, no mentions, no reactions, no time of an edit; an answer answers an earlier message;
 * - memberCount is the number of members; each has read something from 0 to pos; the owner is the one member with that role;
 * - the two figures by which a search finds its order (newest_at, slip) are those of the messages.
 */
export function checkRoom(db: DatabaseSync, room: KeptRoom, findings: Findings): void {
  checkLog(db, room, findings);
  checkMembers(db, room, findings);
}

function checkLog(db: DatabaseSync, { key, record, newestAt, slip }: KeptRoom, findings: Findings): void {
  const { id, pos, head } = record;
  const say = (kind: string, sentence: string) => findings.add(kind, `Room ${id}: ${sentence}`);
  const rows = query<LogRow>(
    db,
    `SELECT pos, rev, first_rev, at, deleted, text = '' AND reactions IS NULL AND edited_at IS NULL AND attachments IS NULL AND mentions IS NULL AND preview IS NULL, reply_to
     FROM messages WHERE room = ? ORDER BY pos`,
  );
  const firstRevs = new Bits(head + 1);
  const changed: [pos: number, rev: number][] = [];
  let [expected, lastFirst, highest, newest, slipped] = [1, 0, 0, 0, 0];
  for (const [at, rev, firstRev, time, deleted, bare, replyTo] of rows.iterate(key)) {
    if (at !== expected) say('positions', `after message ${expected - 1} comes ${at}.`);
    if (at === 1 && firstRev !== 1) say('revs', `its first message has firstRev ${firstRev}.`);
    if (firstRev <= lastFirst) say('revs', `message ${at} has firstRev ${firstRev}, not above the one before.`);
    if (rev < firstRev) say('revs', `message ${at} has rev ${rev}, below its firstRev ${firstRev}.`);
    if (rev > head) say('revs', `message ${at} has rev ${rev}, above head ${head}.`);
    if (deleted && !bare) say('tombstones', `message ${at} is deleted, but something of it is left.`);
    if (replyTo !== null && (replyTo < 1 || replyTo >= at)) say('answers', `message ${at} answers ${replyTo}.`);
    if (rev !== firstRev) changed.push([at, rev]);
    firstRevs.set(firstRev);
    expected = at + 1;
    lastFirst = firstRev;
    highest = Math.max(highest, rev);
    slipped = at === 1 ? 0 : Math.max(slipped, newest - time);
    newest = at === 1 ? time : Math.max(newest, time);
  }
  if (expected - 1 !== pos) say('positions', `its last message is ${expected - 1}, but it counts ${pos}.`);
  if (highest !== head) say('revs', `its highest rev is ${highest}, but its head ${head}.`);
  for (const [at, rev] of changed) if (firstRevs.has(rev)) say('revs', `message ${at} was changed to rev ${rev}, which was given before.`);
  if (newest !== newestAt || slipped !== slip)
    say('order', `its newest_at and slip are ${newestAt} and ${slip}, but should be ${newest} and ${slipped}.`);
}

function checkMembers(db: DatabaseSync, { key, record }: KeptRoom, findings: Findings): void {
  const say = (sentence: string) => findings.add('members', `Room ${record.id}: ${sentence}`);
  const rows = query<readonly [user: string, role: string, readPos: number]>(db, 'SELECT user, role, read_pos FROM members WHERE room = ?');
  let count = 0;
  const owners: string[] = [];
  for (const [user, role, readPos] of rows.iterate(key)) {
    if (role !== 'banned') count++;
    if (role === 'owner') owners.push(user);
    if (readPos < 0 || readPos > record.pos) say(`${user} has read up to ${readPos}, of ${record.pos}.`);
  }
  if (count !== record.memberCount) say(`it counts ${record.memberCount} members, but has ${count}.`);
  const expected = record.owner === null ? '' : record.owner;
  if (owners.join(', ') !== expected) say(`its owner is ${expected || 'nobody'}, but ${owners.join(', ') || 'nobody'} has that role.`);
}

/** A set of small numbers. */
class Bits {
  readonly #bytes: Uint8Array;

  constructor(size: number) {
    this.#bytes = new Uint8Array((size >> 3) + 1);
  }

  set(n: number): void {
    const byte = this.#bytes[n >> 3];
    if (byte !== undefined) this.#bytes[n >> 3] = byte | (1 << (n & 7));
  }

  has(n: number): boolean {
    return ((this.#bytes[n >> 3] ?? 0) & (1 << (n & 7))) !== 0;
  }
}
