import type { Cursor, Epoch } from './ids.ts';

/**
 * Several rooms' cursors on one line, as the `id:` of a server-sent event and the `cursor` of a poll carry them:
 * `room:epoch:rev,room:epoch:rev`. Colons and commas occur in no id.
 */
export function formatCursors(cursors: Iterable<readonly [string, Cursor]>): string {
  return Array.from(cursors, ([room, { epoch, rev }]) => `${room}:${epoch}:${rev}`).join(',');
}

/** Reads such a line. @returns undefined when it is not one */
export function parseCursors(line: string): Map<string, Cursor> | undefined {
  const cursors = new Map<string, Cursor>();
  if (line === '') return cursors;
  for (const part of line.split(',')) {
    const match = /^([a-z][a-z0-9_]{1,63}):([a-z0-9]{1,32}):(\d{1,15})$/.exec(part);
    if (!match) return undefined;
    cursors.set(String(match[1]), { epoch: String(match[2]) as Epoch, rev: Number(match[3]) });
  }
  return cursors;
}

/** One room's cursor: `epoch:rev`. @returns undefined when it is not one */
export function parseCursor(text: string): Cursor | undefined {
  const match = /^([a-z0-9]{1,32}):(\d{1,15})$/.exec(text);
  return match ? { epoch: String(match[1]), rev: Number(match[2]) } : undefined;
}
