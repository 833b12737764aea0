import type { Attachment, Sender } from '@suda/protocol';

/** A picture with who showed it. */
export interface Seen {
  readonly picture: Attachment;
  readonly sender: Sender;
}

let pictures = $state.raw<readonly Seen[]>([]);
let at = $state(-1);

/** The pictures of a room, one at a time and as large as there is room. */
export const viewer = {
  get seen(): Seen | undefined {
    return pictures[at];
  },
  get place() {
    return { at: at + 1, of: pictures.length };
  },
  open(all: readonly Seen[], id: string): void {
    pictures = all;
    at = all.findIndex(({ picture }) => picture.id === id);
  },
  /** @param by 1 the next, -1 the one before; at the ends it stays */
  step(by: 1 | -1): void {
    at = Math.min(Math.max(at + by, 0), pictures.length - 1);
  },
  close(): void {
    at = -1;
    pictures = [];
  },
};
