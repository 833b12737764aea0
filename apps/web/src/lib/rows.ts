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
/** Where the reader left off. */
export interface NewRow {
  readonly kind: 'new';
  readonly key: 'new';
  readonly at: number;
}
export type Row = SaidRow | NoticeRow | DayRow | NewRow;

export interface RowsInput {
  readonly room: string;
  readonly me: Sender;
  /** In reading order, whispers among them: see `withWhispers`. */
  readonly messages: readonly Message[];
  /** On their way, in sending order, whispers among them. */
  readonly outbox: readonly OutboxEntry[];
  /** The pos up to which the reader had read; what comes after it is new. Null: no line. */
  readonly line: number | null;
}

/** One object for all that have none, so that a row that did not change is seen to be the same. */
const none: readonly never[] = [];

/** One's own message keeps its key from the keystroke on, so that its element stays when the server confirms it. */
function keyOf(room: string, mine: boolean, clientId: string | undefined, pos: number): string {
  return mine && clientId !== undefined ? `${room}/c/${clientId}` : `${room}/p/${pos}`;
}

function saidFromMessage(message: Message, sender: Sender, input: RowsInput): SaidRow {
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

function saidFromEntry(entry: OutboxEntry, input: RowsInput): SaidRow {
  return {
    kind: 'said',
    key: keyOf(entry.room, true, entry.clientId, 0),
    room: entry.room,
    sender: input.me,
    text: entry.text,
    attachments: entry.attachments ?? none,
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

/** The rows of what does not change by itself, so that a message that is there already costs a look and no more. */
interface Made {
  readonly messages: WeakMap<Message, Row>;
  readonly entries: Map<string, SaidRow>;
  readonly lines: Map<string, Row>;
}

const nothing = (): Made => ({ messages: new WeakMap(), entries: new Map(), lines: new Map() });

/** The timeline: messages in groups, notices, a line where a day begins in the viewer's time zone, one where the reader left off. */
export function buildRows(input: RowsInput, made: Made = nothing()): Row[] {
  const rows: Row[] = [];
  const { line } = input;
  const own = new Set<string>();
  const dayAt = dayFinder();
  let day: string | null = null;
  let drawn = line === null;
  let previous: { readonly row: SaidRow; readonly index: number; readonly keep: (row: SaidRow) => void } | null = null;

  /** Everything that stands between two groups ends the one before. */
  const close = () => {
    if (previous && !previous.row.last) put(previous.index, { ...previous.row, last: true }, previous.keep);
    previous = null;
  };
  const put = (index: number, row: SaidRow, keep: (row: SaidRow) => void) => {
    keep(row);
    rows[index] = row;
  };
  const ruled = (row: Row) => {
    const old = made.lines.get(row.key);
    const kept = old?.at === row.at ? old : row;
    made.lines.set(row.key, kept);
    rows.push(kept);
  };
  const begin = (at: number) => {
    const { key, start } = dayAt(at);
    // Clocks of two servers may differ a little: a day that was left is not begun again for it.
    if (day !== null && key <= day) return;
    day = key;
    close();
    ruled({ kind: 'day', key: `day/${key}`, at: start });
  };
  const draw = (at: number) => {
    drawn = true;
    close();
    ruled({ kind: 'new', key: 'new', at });
  };
  const say = (row: SaidRow, keep: (row: SaidRow) => void) => {
    begin(row.at);
    const first = previous === null || !sameGroup(previous.row, row);
    if (first) close();
    else if (previous?.row.last) put(previous.index, { ...previous.row, last: false }, previous.keep);
    const said = row.first === first ? row : { ...row, first };
    previous = { row: said, index: rows.length, keep };
    put(rows.length, said, keep);
  };

  for (const message of input.messages) {
    if (!drawn && line !== null && message.room === input.room && message.pos === line + 1) {
      begin(message.at);
      draw(message.at);
    }
    const known = made.messages.get(message);
    if (message.kind === 'text' && message.sender) {
      const row = known?.kind === 'said' ? known : saidFromMessage(message, message.sender, input);
      if (row.mine) own.add(row.key);
      say(row, (kept) => made.messages.set(message, kept));
    } else {
      begin(message.at);
      close();
      const row = known ?? { kind: 'notice', key: `${message.room}/p/${message.pos}`, at: message.at, message };
      made.messages.set(message, row);
      rows.push(row);
    }
  }
  for (const entry of input.outbox) {
    const row = saidFromEntry(entry, input);
    if (own.has(row.key)) continue;
    own.add(row.key);
    const old = made.entries.get(row.key);
    say(old && sameEntry(old, row) ? old : row, (kept) => made.entries.set(row.key, kept));
  }
  close();
  return rows;
}

/**
 * Builds rows again and again, giving back the very same object for a row that did not change,
 * so that the page touches only what did.
 */
export function rowBuilder(): (input: RowsInput) => readonly Row[] {
  let of = '';
  let made = nothing();
  return (input) => {
    const now = `${input.room} ${input.me.id}`;
    if (now !== of) made = nothing();
    of = now;
    if (input.outbox.length === 0) made.entries.clear();
    return buildRows(input, made);
  };
}

/** Whether what is on its way looks as before, whatever group it stands in. */
function sameEntry(a: SaidRow, b: SaidRow): boolean {
  const left = a as unknown as Record<string, unknown>;
  const right = b as unknown as Record<string, unknown>;
  const grouped = ['sender', 'first', 'last'];
  return Object.keys(right).every((field) => grouped.includes(field) || left[field] === right[field]) && a.sender.name === b.sender.name;
}

/** Where the reader left the end: the last pos of the room, and the time of the last row. */
export interface Mark {
  readonly pos: number;
  readonly at: number;
}

/** The mark at the end of these rows. */
export function markAtEnd(rows: readonly Row[], room: string): Mark {
  const last = rows.findLast((row) => posIn(row, room) !== null);
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
  if (row.kind === 'day' || row.kind === 'new') return null;
  if (row.kind === 'notice') return row.message.room === room ? row.message.pos : null;
  return row.room === room ? row.pos : null;
}
