import { limits } from '@suda/protocol';
import type { RoomCommandOf } from '../commands.ts';
import type { Rule } from '../decide.ts';
import { effects, nothing, refuse } from './decisions.ts';

/** A file whose bytes are on disk already becomes someone's. Told again of the same, nothing happens. */
export const put: Rule<RoomCommandOf<'file.put'>> = {
  plan: ({ actor, file }) => ({ actor, files: [file.id], fileBytes: true }),
  decide: ({ actor, files, fileBytes }, { file }) => {
    if (actor === null) return refuse('unauthenticated');
    if (files.length > 0) return nothing;
    if (fileBytes + file.attachment.size > limits.filesPerUserBytes) return refuse('too_many_files');
    return effects({ type: 'file.put', file });
  },
};

/** Forgets a file, unless a message carries it by now, or it is in the library. */
export const drop: Rule<RoomCommandOf<'file.drop'>> = {
  plan: ({ actor, file }) => ({ actor, fileUses: file, gifsOf: [file] }),
  decide: ({ fileUses, gifs }, { file }) =>
    fileUses > 0 || gifs.some((gif) => gif.file === file) ? nothing : effects({ type: 'file.drop', file }),
};
