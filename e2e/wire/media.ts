import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } from 'mediabunny';
import type { Page } from 'playwright-core';

/** Small videos and sounds for tests, made as they are needed. */

/** A sound of one tone, as PCM in a WAV file. */
export function wav(seconds = 2, hertz = 440): Buffer {
  const rate = 8_000;
  const samples = Buffer.alloc(seconds * rate * 2);
  for (let i = 0; i < samples.length / 2; i++) samples.writeInt16LE(Math.round(Math.sin((i / rate) * hertz * 2 * Math.PI) * 8_000), i * 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

interface Frames {
  readonly codec: 'vp8' | 'vp9';
  readonly width: number;
  readonly height: number;
  /** Of each second; the first of each second stands alone. */
  readonly rate: number;
  readonly data: readonly Uint8Array[];
}

async function pack(kind: 'webm' | 'mp4', { codec, width, height, rate, data }: Frames, rotation: 0 | 90 = 0): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: kind === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, kind === 'mp4' ? { rotation } : {});
  await output.start();
  const decoderConfig = { codec: codec === 'vp8' ? 'vp8' : 'vp09.00.10.08', codedWidth: width, codedHeight: height };
  for (const [i, bytes] of data.entries()) {
    const packet = new EncodedPacket(bytes, i % rate === 0 ? 'key' : 'delta', i / rate, 1 / rate);
    await source.add(packet, i === 0 ? { decoderConfig } : undefined);
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

/** A video that says what it is, and of which nobody could draw a frame. */
export const hollowVideo = (kind: 'webm' | 'mp4', seconds = 3, rotation: 0 | 90 = 0): Promise<Buffer> =>
  pack(
    kind,
    { codec: 'vp9', width: 320, height: 180, rate: 10, data: Array.from({ length: seconds * 10 }, (_, i) => new Uint8Array([i, 2, 3])) },
    rotation,
  );

/** A real one: colours that change with every second, drawn and encoded by a page. */
export async function video(page: Page, seconds = 10, width = 320, height = 180): Promise<Buffer> {
  const rate = 10;
  const data = await page.evaluate(
    async ([length, w, h, perSecond]) => {
      const chunks: number[][] = [];
      const encoder = new VideoEncoder({
        output(chunk) {
          const bytes = new Uint8Array(chunk.byteLength);
          chunk.copyTo(bytes);
          chunks.push([...bytes]);
        },
        error(error) {
          throw error;
        },
      });
      encoder.configure({ codec: 'vp8', width: w, height: h, bitrate: 2_000_000, framerate: perSecond });
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      for (let i = 0; i < length * perSecond; i++) {
        if (context) {
          context.fillStyle = `hsl(${Math.floor(i / perSecond) * 36} 70% 50%)`;
          context.fillRect(0, 0, w, h);
          // Noise, so that the file is large enough to be fetched in parts.
          for (let n = 0; n < 150; n++) {
            context.fillStyle = `hsl(${n * i} 90% ${n % 100}%)`;
            context.fillRect((n * 37 + i * 11) % w, (n * 53 + i * 7) % h, 9, 9);
          }
        }
        const frame = new VideoFrame(canvas, { timestamp: (i * 1_000_000) / perSecond });
        encoder.encode(frame, { keyFrame: i % perSecond === 0 });
        frame.close();
      }
      await encoder.flush();
      return chunks;
    },
    [seconds, width, height, rate] as const,
  );
  return pack('webm', { codec: 'vp8', width, height, rate, data: data.map((chunk) => new Uint8Array(chunk)) });
}
