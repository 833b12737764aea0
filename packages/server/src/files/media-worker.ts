import { parentPort, workerData } from 'node:worker_threads';
import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';
import type { Media } from './media.ts';

/** Reads what one file says of itself, and ends. See media.ts for why this is a thread of its own. */
const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(String(workerData)) });

const whole = (value: number, most: number): number | undefined => {
  const rounded = Math.round(value);
  return rounded >= 1 && rounded <= most ? rounded : undefined;
};

const video = await input.getPrimaryVideoTrack();
// As the file says; what says nothing is measured by its last frame.
const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
const duration = whole(seconds * 1_000, 30 * 86_400_000);
const width = video === null ? undefined : whole(video.displayWidth, 16_384);
const height = video === null ? undefined : whole(video.displayHeight, 16_384);
const media: Media = {
  ...(width === undefined || height === undefined ? {} : { width, height }),
  ...(duration === undefined ? {} : { duration }),
};
parentPort?.postMessage(media);
