import type { Attachment } from '@suda/protocol';

/** The largest a single picture stands in the timeline, in CSS pixels. */
const widest = 360;
const highest = 340;
/** The smallest: a picture of one pixel can still be pointed at. */
const least = 64;

/** What browsers show as a picture without doing anything else with it. */
const shown: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/gif', 'image/webp', 'image/avif']);

/** Whether a page may show a file of this type as a picture before the server has looked at it. */
export const looksLikePicture = (type: string): boolean => shown.has(type);

/** Whether the server says that it is a picture, with the size that it will have. */
export const isPicture = (file: Attachment): file is Attachment & { width: number; height: number } =>
  looksLikePicture(file.type) && (file.width ?? 0) > 0 && (file.height ?? 0) > 0;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The space of a picture in the timeline, from the first frame on. Never larger than it is; very long ones are cut to the box. */
export function boxOf(picture: Box): Box {
  const scale = Math.min(1, widest / picture.width, highest / picture.height);
  const within = (side: number, most: number) => Math.round(Math.min(most, Math.max(least, side * scale)));
  return { width: within(picture.width, widest), height: within(picture.height, highest) };
}

/** How many stand in a row: two and four in twos, the others in threes. */
export const columnsOf = (count: number): number => (count === 1 ? 1 : count === 2 || count === 4 ? 2 : 3);

/** Addresses of a file at the server. @param base where the server is, without a slash at its end */
export const addressesOf = (base: string, id: string) => {
  const whole = `${base}/v1/files/${id}`;
  return { whole, thumb: `${whole}?size=thumb`, poster: `${whole}?size=poster`, download: `${whole}?download=1` } as const;
};
