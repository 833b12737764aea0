import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } from 'mediabunny';
import { isMedia, measureMedia } from './media.ts';

const folder = mkdtempSync(join(tmpdir(), 'suda-media-'));
after(() => rmSync(folder, { recursive: true }));

async function video(format: WebMOutputFormat | Mp4OutputFormat, rotation: 0 | 90 = 0): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedVideoPacketSource('vp9');
  output.addVideoTrack(source, { rotation });
  await output.start();
  const decoderConfig = { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 180 };
  for (let i = 0; i < 30; i++)
    await source.add(
      new EncodedPacket(new Uint8Array([i]), i === 0 ? 'key' : 'delta', i / 10, 0.1),
      i === 0 ? { decoderConfig } : undefined,
    );
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

function measure(bytes: Uint8Array) {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return measureMedia(path);
}

describe('videos and sounds', () => {
  it('R14.16 a video says how large it is to be shown, turned as it was held, and how long it is', async () => {
    assert.deepEqual(await measure(await video(new WebMOutputFormat())), { width: 320, height: 180, duration: 3_000 });
    assert.deepEqual(await measure(await video(new Mp4OutputFormat(), 90)), { width: 180, height: 320, duration: 3_000 });
  });

  it('R14.16 what is cut, damaged or something else is a file of which nothing is known', async () => {
    const whole = await video(new Mp4OutputFormat());
    assert.deepEqual(await measure(whole.subarray(0, 40)), {});
    assert.deepEqual(await measure(Buffer.from('no video at all, only words')), {});
    assert.deepEqual(await measure(new Uint8Array(0)), {});
    // Any byte may be wrong: never more than nothing, or sizes within their bounds.
    for (let at = 0; at < whole.length; at += 97) {
      const damaged = Buffer.from(whole);
      damaged[at] = 0xff;
      const { width = 1, height = 1, duration = 1 } = await measure(damaged);
      for (const number of [width, height, duration]) assert.ok(Number.isInteger(number) && number >= 1, `byte ${at}: ${number}`);
    }
  });

  it('R14.16 are known by their type', () => {
    assert.deepEqual(['video/mp4', 'audio/mpeg', 'image/gif', 'application/ogg'].map(isMedia), [true, true, false, false]);
  });
});
