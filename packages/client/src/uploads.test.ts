import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';
import { platformDialers } from './dialers.ts';
import { createHttp } from './links/http.ts';
import { createUploads } from './uploads.ts';

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
  readonly progress: (sent: number) => void;
  answer(status: number, body: unknown): void;
}

/** Uploads whose requests are answered by hand. */
function make() {
  const asked: Asked[] = [];
  const upload = (url: string, init: RequestInit, progress: (sent: number) => void): Promise<Response> =>
    new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      asked.push({ url, init, progress, answer: (status, body) => resolve(Response.json(body, { status })) });
    });
  const http = createHttp('http://suda.test/chat', { ...platformDialers, upload }, systemClock, () => 'token');
  return { asked, upload: createUploads(http, () => 10) };
}

const cat = (): File => new File(['cat'], '고양이.gif');

test('R14.2 sends the bytes with name and token, and tells how far they are', async () => {
  const { asked, upload } = make();
  const file = cat();
  const done = upload(file).start();
  assert.equal(upload(file).start(), done, 'one upload for one blob');
  assert.equal(asked[0]?.url, `http://suda.test/chat/v1/files?name=${encodeURIComponent('고양이.gif')}`);
  assert.equal(asked[0]?.init.body, file);
  assert.equal(new Headers(asked[0]?.init.headers).get('authorization'), 'Bearer token');
  asked[0]?.progress(0.5);
  assert.equal(upload(file).get().sent, 0.5);
  asked[0]?.answer(200, { id: 'f1' });
  assert.equal((await done).id, 'f1');
  assert.deepEqual(upload(file).get(), { sent: 1, error: null, attachment: { id: 'f1' } });
  assert.equal(asked.length, 1);
});

test('R3.3 a refusal is kept with its code; starting again begins anew', async () => {
  const { asked, upload } = make();
  const one = upload(cat());
  const refused = assert.rejects(one.start(), { code: 'unsupported_type', retry: false });
  asked[0]?.answer(415, { error: { code: 'unsupported_type', message: 'No.', retry: false } });
  await refused;
  assert.equal(one.get().error?.code, 'unsupported_type');
  const again = one.start();
  assert.equal(one.get().error, null);
  asked[1]?.answer(200, { id: 'f2' });
  assert.equal((await again).id, 'f2');
});

test('R14.3 too large is said before a byte goes', async () => {
  const { asked, upload } = make();
  await assert.rejects(upload(new Blob(['elevenbytes'])).start(), { code: 'payload_too_large' });
  assert.equal(asked.length, 0);
});

test('given up, it ends, and leaves no mark', async () => {
  const { asked, upload } = make();
  const one = upload(cat());
  const ended = assert.rejects(one.start(), { code: 'unavailable' });
  asked[0]?.progress(0.5);
  one.cancel();
  await ended;
  assert.deepEqual(one.get(), { sent: 0, error: null, attachment: null });
});
