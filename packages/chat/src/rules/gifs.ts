import { type Attachment, limits } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import type { Effect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { FileRecord, GifRecord, RoomRecord } from '../records.ts';
import { effects, refuse } from './decisions.ts';

/** Being sent once more is worth as much as having come so much later, in milliseconds. */
const USE = 6 * 3_600_000;
/** However popular: what is new shows some day. */
const MOST_USES = 200;

/** One number for "of late" and "often": the time at which it was last wanted, and some hours for each time it was sent. */
export const rankOf = (lastAt: number, uses: number): number => lastAt + Math.min(uses, MOST_USES) * USE;

/** Without the kind at its end: what a file is called is what people look for. */
const called = (name: string): string => name.replace(/\.\w{1,5}$/, '').slice(0, limits.gifWordsLength);

/** What two people call it, as far as there is room. Nothing twice. */
function both(words: string, more: string): string {
  const all = [...new Set(`${words} ${more}`.split(/\s+/))];
  let text = '';
  for (const word of all) if (Array.from(`${text} ${word}`.trim()).length <= limits.gifWordsLength) text = `${text} ${word}`.trim();
  return text;
}

const moves = (file: Attachment): boolean => file.animated === true;

/**
 * Gives a GIF of one's own to everyone. If someone gave the same before, their words and these find it; if it only came with a
 * message, it is now the giver's, and no longer goes with that message.
 */
export const add: Rule<RoomCommandOf<'gif.add'>> = {
  plan: ({ actor, file }) => ({ actor, files: [file], gifsOf: [file] }),
  decide: ({ actor, files: [file], gifs: [there] }, { words }, now) => {
    if (actor === null) return refuse('unauthenticated');
    if (file === undefined || file.owner !== actor.id) return refuse('no_such_file');
    if (!moves(file.attachment)) return refuse('not_allowed', 'Only pictures that move come into the library.');
    if (there !== undefined && there.from === null && there.by !== actor.id)
      return effects({ type: 'gif.put', gif: { ...there, words: both(there.words, words) } });
    const { uses, rank } = there ?? { uses: 0, rank: rankOf(now, 0) };
    return effects({ type: 'gif.put', gif: { ...of(file), words, from: null, uses, rank } });
  },
};

const of = ({ id, owner, hash, attachment }: FileRecord): Pick<GifRecord, 'file' | 'hash' | 'by' | 'attachment'> => ({
  file: id,
  hash,
  by: owner,
  attachment,
});

export const remove: Rule<RoomCommandOf<'gif.remove'>> = {
  plan: ({ actor, file }) => ({ actor, gifsOf: [file] }),
  decide: ({ actor, gifs }, { file }) => {
    if (actor === null) return refuse('unauthenticated');
    const gif = gifs.find((one) => one.file === file);
    if (gif === undefined) return refuse('no_such_file');
    return gif.by === actor.id ? effects({ type: 'gif.drop', file }) : refuse('not_author', 'Only who brought it in takes it out.');
  },
};

/** Whether everyone may come in and read, so that what is shown there is shown to everyone. */
export const isOpen = ({ kind, passwordHash }: Pick<RoomRecord, 'kind' | 'passwordHash'>): boolean =>
  kind === 'public' && passwordHash === null;

/**
 * What a message does to the library: each of its GIFs that is there was sent once more, and one's own that were shown in an open
 * room are everyone's from now on. Not those of a provider, which are looked for there.
 */
export function sent(room: RoomRecord, { actor, gifs }: Facts, files: readonly FileRecord[], now: number): Effect[] {
  const list: Effect[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (!moves(file.attachment) || seen.has(file.hash)) continue;
    seen.add(file.hash);
    const gif = gifs.find(({ hash }) => hash === file.hash);
    if (gif !== undefined) {
      const uses = gif.uses + 1;
      list.push({ type: 'gif.put', gif: { ...gif, uses, rank: Math.max(gif.rank, rankOf(now, uses)) } });
    } else if (isOpen(room) && file.owner === actor?.id && file.attachment.source === undefined) {
      const from = { room: room.id, pos: room.pos + 1 };
      list.push({ type: 'gif.put', gif: { ...of(file), words: called(file.attachment.name), from, uses: 1, rank: rankOf(now, 1) } });
    }
  }
  return list;
}
