import type { Attachment } from '@suda/protocol';

const videos: ReadonlySet<string> = new Set(['video/mp4', 'video/webm', 'video/ogg', 'video/quicktime', 'video/x-m4v']);
const sounds = /^audio\/(mpeg|mp4|x-m4a|aac|ogg|opus|wav|x-wav|wave|vnd\.wave|flac|x-flac|webm)\b/;

/** How a file is played here; null for what isn't. A film without a picture is heard. */
export function playedAs({ type, width, duration }: Pick<Attachment, 'type' | 'width' | 'duration'>): 'video' | 'audio' | null {
  if (videos.has(type)) return width === undefined && duration !== undefined ? 'audio' : 'video';
  return sounds.test(type) ? 'audio' : null;
}

/** The space of a video of which nobody knows how large it is. */
export const unknownVideo = { width: 320, height: 180 } as const;

/** `1:02:03`, as every player says it. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
