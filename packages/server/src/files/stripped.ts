/** A picture without what doesn't belong to the picture: comments, places, cameras, thumbnails, and whatever follows its end. */
export interface Stripped {
  readonly bytes: Buffer;
  readonly frames: number;
  /** Once through all frames, in milliseconds. */
  readonly duration: number;
}

/** The bytes are not what they begin as. */
export class Malformed extends Error {}
