import { Worker } from 'node:worker_threads';

/** What a video or a sound says of itself: as it is to be shown, in pixels, and how long it is, in milliseconds. */
export interface Media {
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

/** Whoever is not done by then is ended, in milliseconds. */
const LONGEST = 5_000;
/** Memory of whoever reads a file, in MiB. */
const HEAP = 96;

export const isMedia = (type: string): boolean => /^(video|audio)\//.test(type);

/**
 * Measures a video or a sound. It is read in a thread of its own: a file may be made to be read for ever, or to fill the memory, and a
 * thread can be ended. What can't be measured is a file like any other, of which nothing is known.
 */
export function measureMedia(path: string): Promise<Media> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./media-worker.ts', import.meta.url), {
      workerData: path,
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
      stderr: true,
    });
    let media: Media = {};
    const timer = setTimeout(() => void worker.terminate(), LONGEST);
    worker.once('message', (told: Media) => {
      media = told;
      void worker.terminate();
    });
    worker.once('error', () => {});
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve(media);
    });
  });
}
