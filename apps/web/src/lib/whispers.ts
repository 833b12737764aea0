import type { Message } from '@suda/protocol';

/**
 * The messages of a room with the whispers that were said in it, in reading order.
 *
 * The room's own messages stay in the order of their pos. A whisper lives in another room's log, so nothing but the
 * server's time can place it: it comes after the last message of the room that is not younger. This is for the eyes only.
 *
 * @param messages a window of the room, ascending by pos
 * @param directs windows of direct rooms, each ascending by pos
 * @param window.hasOlder older messages exist than the window shows: whispers from before it wait until they are loaded
 * @param window.atLatest the window reaches the end: else whispers from after it wait likewise
 */
export function withWhispers(
  room: string,
  messages: readonly Message[],
  directs: readonly (readonly Message[])[],
  window: { readonly hasOlder: boolean; readonly atLatest: boolean },
): readonly Message[] {
  const first = messages[0]?.at ?? Number.NEGATIVE_INFINITY;
  const last = messages.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  const whispers = directs
    .flatMap((direct) => direct.filter((message) => message.via === room))
    .filter((whisper) => (!window.hasOlder || whisper.at >= first) && (window.atLatest || whisper.at <= last))
    .sort((a, b) => a.at - b.at || (a.room < b.room ? -1 : a.room > b.room ? 1 : a.pos - b.pos));
  if (whispers.length === 0) return messages;

  const merged: Message[] = [];
  let end = messages.length;
  for (let i = whispers.length - 1; i >= 0; i -= 1) {
    const whisper = whispers[i];
    if (!whisper) continue;
    while (end > 0 && (messages[end - 1]?.at ?? 0) > whisper.at) {
      end -= 1;
      const message = messages[end];
      if (message) merged.push(message);
    }
    merged.push(whisper);
  }
  return [...messages.slice(0, end), ...merged.reverse()];
}

/**
 * How far a direct room may be marked as read when only the whispers of this room were looked at:
 * up to the first unread message that was not said here.
 * @returns a pos above readPos, or null when nothing was read
 */
export function whispersRead(room: string, direct: readonly Message[], readPos: number): number | null {
  let read: number | null = null;
  for (const message of direct) {
    if (message.pos <= readPos) continue;
    if (message.pos !== (read ?? readPos) + 1 || (message.via !== room && message.kind !== 'notice')) break;
    read = message.pos;
  }
  return read;
}
