import type { Attachment } from '@suda/protocol';
import { SudaClientError, unavailable } from './errors.ts';
import type { Http } from './links/http.ts';
import { value } from './observable.ts';
import type { Upload, UploadState } from './types.ts';

/** The uploads of this page: one for each blob, however often it is asked for. */
export function createUploads(http: Http, most: () => number): (blob: Blob, name?: string) => Upload {
  const known = new WeakMap<Blob, Upload>();
  return (blob, name = (blob as Partial<File>).name ?? '') => {
    const there = known.get(blob);
    if (there) return there;
    const state = value<UploadState>({ sent: 0, error: null, attachment: null });
    let running: Promise<Attachment> | undefined;
    let abort = new AbortController();

    const run = async (): Promise<Attachment> => {
      const { signal } = abort;
      const tell = (more: Partial<UploadState>): void => {
        if (!signal.aborted) state.set({ ...state.get(), ...more });
      };
      tell({ sent: 0, error: null });
      try {
        if (blob.size > most())
          throw new SudaClientError({ code: 'payload_too_large', message: `A file may have at most ${most()} bytes.`, retry: false });
        const path = `/v1/files?name=${encodeURIComponent(name.slice(-200))}`;
        const attachment = (await http.upload(path, blob, (sent) => tell({ sent }), signal)) as Attachment;
        tell({ sent: 1, attachment });
        return attachment;
      } catch (reason) {
        const error = reason instanceof SudaClientError ? reason : unavailable();
        if (!signal.aborted) running = undefined;
        tell({ error: error.toWire() });
        throw error;
      }
    };

    const upload: Upload = {
      get: state.get,
      subscribe: state.subscribe,
      start() {
        running ??= run();
        return running;
      },
      cancel() {
        abort.abort();
        abort = new AbortController();
        running = undefined;
        state.set({ sent: 0, error: null, attachment: null });
      },
    };
    known.set(blob, upload);
    return upload;
  };
}
