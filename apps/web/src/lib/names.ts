import type { Attachment, Message, RoomSummary } from '@suda/protocol';
import type { Words } from '../i18n/index.ts';
import { plainText } from './markup/plain.ts';
import { isPicture } from './pictures.ts';
import { peerOf } from './rooms.ts';

/** What a room is called in the list: a direct room after the other person, the lobby in one's own language. */
export function roomName(room: Pick<RoomSummary, 'id' | 'kind' | 'name'> & Partial<RoomSummary>, me: string, words: Words): string {
  if (room.kind === 'direct')
    return room.people ? (peerOf(room as RoomSummary, me)?.name ?? words.notesToSelf) : room.name || words.directMessage;
  if (room.id === 'lobby' && room.name.toLowerCase() === 'lobby') return words.lobby;
  return room.name;
}

/** The sentence of a notice. */
export function noticeText(message: Message, words: Words): string {
  const { notice } = message;
  const actor = message.sender?.name ?? words.notices.someone;
  if (!notice) return '';
  switch (notice.type) {
    case 'created':
      return words.notices.created(actor);
    case 'joined':
      return words.notices.joined(notice.user.name);
    case 'invited':
      return words.notices.invited(actor, notice.user.name);
    case 'left':
      return words.notices.left(notice.user.name);
    case 'kicked':
      return (notice.banned ? words.notices.banned : words.notices.kicked)(actor, notice.user.name);
    case 'owner':
      return words.notices.owner(notice.user.name);
    case 'renamed':
      return words.notices.renamed(actor, notice.name);
    default:
      return '';
  }
}

/** One line about a message: for the room list and for quotes. */
export function oneLine(message: Message, words: Words): string {
  if (message.deleted) return words.deletedMessage;
  if (message.kind === 'notice') return noticeText(message, words);
  const text = plainText(message.text.slice(0, 600)).replace(/\s+/gu, ' ').slice(0, 160);
  return text === '' ? filesText(message.attachments ?? [], words) : text;
}

/** What files there are, in a word or two; empty when there are none. */
export function filesText(files: readonly Attachment[], words: Words): string {
  const [first] = files;
  if (first === undefined) return '';
  const pictures = files.filter(isPicture);
  if (pictures.length === files.length) return files.length === 1 && first.animated ? words.files.gif : words.files.pictures(files.length);
  return files.length === 1 ? first.name : words.files.several(files.length);
}

/** Who is typing, in one sentence; empty when nobody is. */
export function typingText(names: readonly string[], words: Words): string {
  const [a, b] = names;
  if (a === undefined) return '';
  if (b === undefined) return words.typingOne(a);
  return names.length === 2 ? words.typingTwo(a, b) : words.typingMany(names.length);
}

const graphemes = new Intl.Segmenter();

/** A name for a place with little room. @param most in letters; a Korean, Chinese or Japanese one, or an emoji, counts as two */
export function shortened(name: string, most: number): string {
  let left = most;
  let short = '';
  for (const { segment } of graphemes.segment(name)) {
    left -= /[\u1100-\uffff\u{10000}-\u{10ffff}]/u.test(segment) ? 2 : 1;
    if (left < 0) return `${short.trimEnd()}…`;
    short += segment;
  }
  return name;
}
