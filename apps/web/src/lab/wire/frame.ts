/** A named piece of a frame: what one sees when one takes it apart. */
export interface Part {
  readonly name: string;
  readonly value: string;
}

/** One thing that went over the wire. */
export interface Frame {
  readonly id: number;
  /** Milliseconds since the page began. */
  readonly at: number;
  readonly way: 'up' | 'down';
  /** What it is, in a word or two of the wire. */
  readonly title: string;
  /** As it was on the wire, without what the browser keeps to itself. */
  readonly raw: string;
  /** What of it is worth a line in a list, where that isn't its beginning. */
  readonly gist?: string;
  readonly parts: readonly Part[];
  /** All of it, framing and headers too. */
  readonly bytes: number;
  /** Says nothing new: several in a row are shown as one. */
  readonly idle: boolean;
  /** How many this one stands for. */
  readonly times: number;
}

export type NewFrame = Omit<Frame, 'id' | 'at' | 'times' | 'idle'> & { readonly idle?: boolean };

/** The newest are kept; a lesson may last an hour. */
export const FRAMES_KEPT = 60;

/** Puts a frame before the others, or onto the newest of its kind when both say nothing. */
export function addFrame(frames: readonly Frame[], frame: NewFrame, id: number, at: number): readonly Frame[] {
  const idle = frame.idle ?? false;
  const same = idle ? frames.slice(0, 2).findIndex((one) => one.idle && one.title === frame.title && one.way === frame.way) : -1;
  const known = frames[same];
  if (known !== undefined && frames.slice(0, same).every((one) => one.idle)) {
    const merged: Frame = { ...known, ...frame, idle, at, times: known.times + 1, bytes: frame.bytes };
    return frames.map((one, i) => (i === same ? merged : one));
  }
  return [{ ...frame, idle, id, at, times: 1 }, ...frames].slice(0, FRAMES_KEPT);
}

const shorten = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)} …` : text);

/** A JSON value's fields, one by one; anything else is one part. */
export function partsOf(value: unknown, name = 'data'): Part[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ name, value: shorten(JSON.stringify(value) ?? '') }];
  return Object.entries(value).map(([field, inner]) => ({ name: `${name}.${field}`, value: shorten(JSON.stringify(inner)) }));
}

/** JSON text as a value; text that is none stays itself. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
