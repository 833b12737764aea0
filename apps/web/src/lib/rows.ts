import type { OutboxEntry, OutboxFile } from '@suda/client';
import type { Attachment, Message, Sender, WireError } from '@suda/protocol';
import { dayFinder } from './days.ts';

/** Messages of one person this close together stand in one group. */
export const groupMs = 5 * 60_000;

export interface SaidRow {
  readonly kind: 'said';
  readonly key: string;
  /** The room whose log it is in: for a whisper, the two people's direct room. */
  readonly room: string;
  readonly sender: Sender;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** On their way. */
  readonly files: readonly OutboxFile[];
  readonly at: number;
  readonly mine: boolean;
  readonly pos: number | null;
  readonly clientId: string | null;
  readonly state: 'pending' | 'sent' | 'failed';
  readonly error: WireError | null;
  readonly replyTo: number | null;
  readonly whisper: boolean;
  /** Null while it is on its way. */
  readonly message: Message | null;
  /** First and last of its group. */
  readonly first: boolean;
  readonly last: boolean;
}
export interface NoticeRow {
  readonly kind: 'notice';
  readonly key: string;
  readonly at: number;
  readonly message: Message;
}
export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  readonly at: number;
}
export type Row = SaidRow | NoticeRow | DayRow;

export interface RowsInput {
  readonly room: string;
  readonly me: Sender;
  /** In reading order, whispers among them: see `withWhispers`. */
  readonly messages: readonly Message[];
  /** On their way, in sending order, whispers among them. */
  readonly outbox: readonly OutboxEntry[];
}

/** One object for all that have none, so that a row that did not change is seen to be the same. */
const none: readonly never[] = [];

type Loose<T> = { -readonly [K in keyof T]: T[K] };

/** One's own message keeps its key from the keystroke on, so that its element stays when the server confirms it. */
function keyOf(room: string, mine: boolean, clientId: string | undefined, pos: number): string {
  return mine && clientId !== undefined ? `${room}/c/${clientId}` : `${room}/p/${pos}`;
}

function saidFromMessage(message: Message, sender: Sender, input: RowsInput): Loose<SaidRow> {
  const mine = sender.id === input.me.id;
  return {
    kind: 'said',
    key: keyOf(message.room, mine, message.clientId, message.pos),
    room: message.room,
    sender,
    text: message.text,
    attachments: message.attachments ?? none,
    files: none,
    at: message.at,
    mine,
    pos: message.pos,
    clientId: message.clientId ?? null,
    state: 'sent',
    error: null,
    replyTo: message.replyTo ?? null,
    whisper: message.room !== input.room,
    message,
    first: true,
    last: true,
  };
}

function saidFromEntry(entry: OutboxEntry, input: RowsInput): Loose<SaidRow> {
  return {
    kind: 'said',
    key: keyOf(entry.room, true, entry.clientId, 0),
    room: entry.room,
    sender: input.me,
    text: entry.text,
    attachments: none,
    files: entry.files ?? none,
    at: entry.createdAt,
    mine: true,
    pos: entry.state === 'sent' ? entry.pos : null,
    clientId: entry.clientId,
    state: entry.state === 'failed' ? 'failed' : entry.state === 'sent' ? 'sent' : 'pending',
    error: entry.state === 'failed' ? entry.error : null,
    replyTo: entry.replyTo ?? null,
    whisper: entry.room !== input.room,
    message: null,
    first: true,
    last: true,
  };
}

function sameGroup(a: SaidRow, b: SaidRow): boolean {
  return a.sender.id === b.sender.id && a.sender.name === b.sender.name && a.room === b.room && Math.abs(b.at - a.at) < groupMs;
}

/** The timeline: messages in groups, notices, a line where a day begins in the viewer's time zone. */
export function buildRows(input: RowsInput): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  const dayAt = dayFinder();
  let day: string | null = null;
  let previous: Loose<SaidRow> | null = null;

  const begin = (at: number) => {
    const { key, start } = dayAt(at);
    // Clocks of two servers may differ a little: a day that was left is not begun again for it.
    if (day !== null && key <= day) return;
    day = key;
    previous = null;
    rows.push({ kind: 'day', key: `day/${key}`, at: start });
  };
  const say = (row: Loose<SaidRow>) => {
    if (seen.has(row.key)) return;
    seen.add(row.key);
    begin(row.at);
    if (previous && sameGroup(previous, row)) {
      previous.last = false;
      row.first = false;
    }
    previous = row;
    rows.push(row);
  };

  for (const message of input.messages) {
    if (message.kind === 'text' && message.sender) say(saidFromMessage(message, message.sender, input));
    else {
      begin(message.at);
      previous = null;
      rows.push({ kind: 'notice', key: `${message.room}/p/${message.pos}`, at: message.at, message });
    }
  }
  for (const entry of input.outbox) say(saidFromEntry(entry, input));
  return rows;
}

/**
 * Builds rows again and again, giving back the very same object for a row that did not change,
 * so that the page touches only what did.
 */
export function rowBuilder(): (input: RowsInput) => readonly Row[] {
  let before = new Map<string, Row>();
  return (input) => {
    const now = new Map<string, Row>();
    const rows = buildRows(input).map((row) => {
      const old = before.get(row.key);
      const kept = old && sameRow(old, row) ? old : row;
      now.set(row.key, kept);
      return kept;
    });
    before = now;
    return rows;
  };
}

function sameRow(a: Row, b: Row): boolean {
  const left = a as unknown as Record<string, unknown>;
  const right = b as unknown as Record<string, unknown>;
  return Object.keys(right).every((field) => field === 'sender' || left[field] === right[field]) && sameSender(a, b);
}

function sameSender(a: Row, b: Row): boolean {
  if (a.kind !== 'said' || b.kind !== 'said') return true;
  return a.sender.id === b.sender.id && a.sender.name === b.sender.name;
}

/** Where the reader left the end: the last pos of the room, and the time of the last row. */
export interface Mark {
  readonly pos: number;
  readonly at: number;
}

/** The mark at the end of these rows. */
export function markAtEnd(rows: readonly Row[], room: string): Mark {
  const last = rows.findLast((row) => row.kind !== 'day' && posIn(row, room) !== null);
  return { pos: last ? (posIn(last, room) ?? 0) : 0, at: rows.at(-1)?.at ?? 0 };
}

/** How many messages of others came after the mark: what the pill counts. */
export function countNew(rows: readonly Row[], room: string, mark: Mark): number {
  let count = 0;
  for (const row of rows) {
    if (row.kind !== 'said' || row.mine || row.message?.deleted) continue;
    const pos = posIn(row, room);
    if (pos === null ? row.at > mark.at : pos > mark.pos) count += 1;
  }
  return count;
}

/** The pos in the room itself; null for a whisper and for what is on its way. */
export function posIn(row: Row, room: string): number | null {
  if (row.kind === 'day') return null;
  if (row.kind === 'notice') return row.message.room === room ? row.message.pos : null;
  return row.room === room ? row.pos : null;
}
