import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { preparePicture } from './pictures.ts';
import { strippers } from './strip.ts';

const folder = await mkdtemp(join(tmpdir(), 'suda-pictures-'));
after(() => rm(folder, { recursive: true }));

let made = 0;
async function prepare(bytes: Buffer, type: string) {
  const at = join(folder, String(++made));
  await writeFile(at, bytes);
  const picture = await preparePicture(at, type, `${at}.out`, `${at}.still`);
  return { picture, out: await readFile(`${at}.out`), still: await readFile(`${at}.still`) };
}

const plain = (width: number, height: number, background = '#c0482a') => sharp({ create: { width, height, channels: 3, background } });
const exif = { IFD0: { Copyright: 'secret-owner' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 0/1' } };

async function gif(frames: number, delay = 120): Promise<Buffer> {
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, i) =>
      plain(48, 36, ['red', 'green', 'blue'][i % 3])
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    .gif({ delay: pages.map(() => delay), loop: 0 })
    .toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that says it is this large. Its pixels are few. */
function pngOf(width: number, height: number, ...more: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const rows = deflateSync(Buffer.alloc(Math.min(height, 40) * (Math.min(width, 40) + 1)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), ...more, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** A frame of an APNG: how long it stands. */
function frame(sequence: number, delay: number, per: number): Buffer {
  const data = Buffer.alloc(26);
  data.writeUInt32BE(sequence, 0);
  data.writeUInt32BE(40, 4);
  data.writeUInt32BE(40, 8);
  data.writeUInt16BE(delay, 20);
  data.writeUInt16BE(per, 22);
  return chunk('fcTL', data);
}

describe('pictures', () => {
  it('R14.4 a photo is turned as it was held, and forgets where, when and by whom it was taken', async () => {
    const photo = await plain(60, 40).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    assert.ok(photo.includes('secret-owner'));
    const { picture, out, still } = await prepare(photo, 'image/jpeg');
    assert.deepEqual([picture.type, picture.width, picture.height, picture.animated], ['image/jpeg', 40, 60, false]);
    for (const bytes of [out, still]) {
      const { exif: kept, xmp, icc, orientation } = await sharp(bytes).metadata();
      assert.deepEqual([kept, xmp, icc, orientation], [undefined, undefined, undefined, undefined]);
    }
    const { width, height, format } = await sharp(still).metadata();
    assert.deepEqual([width, height, format], [40, 60, 'webp']);
  });

  it('R14.4 its placeholder is a few blurred pixels, in about two hundred characters', async () => {
    const noise = await sharp({
      create: { width: 600, height: 400, channels: 3, background: 'white', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
    })
      .jpeg()
      .toBuffer();
    const { picture } = await prepare(noise, 'image/jpeg');
    assert.match(picture.placeholder, /^data:image\/webp;base64,[\w+/]+=*$/);
    assert.ok(picture.placeholder.length <= 260, `${picture.placeholder.length}`);
  });

  it('R14.4 a GIF keeps its frames, their time and its loop; comments and what follows its end go', async () => {
    const clean = await gif(4, 120);
    const comment = Buffer.concat([Buffer.from([0x21, 0xfe, 11]), Buffer.from('secret-word'), Buffer.from([0])]);
    const dirty = Buffer.concat([clean.subarray(0, -1), comment, Buffer.from([0x3b]), Buffer.from('<script>alert(1)</script>')]);
    const { picture, out, still } = await prepare(dirty, 'image/gif');
    assert.deepEqual([picture.width, picture.height, picture.animated, picture.duration], [48, 36, true, 480]);
    assert.equal(out.includes('secret'), false);
    assert.equal(out.includes('script'), false);
    const { pages, delay, loop } = await sharp(out, { animated: true }).metadata();
    assert.deepEqual([pages, delay, loop], [4, [120, 120, 120, 120], 0]);
    assert.equal((await sharp(still).metadata()).pages, undefined, 'its poster stands still');
  });

  it('R14.4 an animated WebP keeps moving, without its metadata', async () => {
    const bytes = await sharp(await gif(3, 100), { animated: true })
      .withExif(exif)
      .webp()
      .toBuffer();
    assert.ok(bytes.includes('secret-owner'));
    const { picture, out } = await prepare(bytes, 'image/webp');
    assert.deepEqual([picture.animated, picture.duration], [true, 300]);
    assert.equal(out.includes('secret-owner'), false);
    const { pages, exif: kept } = await sharp(out, { animated: true }).metadata();
    assert.deepEqual([pages, kept], [3, undefined]);
  });

  it('R14.4 an animated PNG is animated, and loses its text', async () => {
    const control = Buffer.alloc(8);
    control.writeUInt32BE(2, 0);
    const text = chunk('tEXt', Buffer.from('Comment\0secret-word'));
    const bytes = pngOf(40, 40, chunk('acTL', control), text, frame(0, 1, 4), frame(1, 30, 100));
    const { picture, out } = await prepare(bytes, 'image/apng');
    assert.deepEqual([picture.type, picture.animated, picture.duration], ['image/apng', true, 550]);
    assert.equal(out.includes('secret'), false);
    assert.ok(out.includes('acTL') && out.includes('fcTL'));
  });

  it('R14.4 an AVIF becomes a WebP; a still PNG stays what it is, to the pixel', async () => {
    const avif = await prepare(await plain(64, 48).avif().toBuffer(), 'image/avif');
    assert.deepEqual([avif.picture.type, avif.picture.width, avif.picture.height], ['image/webp', 64, 48]);
    const bytes = await plain(30, 20).withExif(exif).png().toBuffer();
    const { picture, out } = await prepare(bytes, 'image/png');
    assert.equal(picture.type, 'image/png');
    assert.equal(out.includes('secret-owner'), false);
    assert.deepEqual(await sharp(out).raw().toBuffer(), await sharp(bytes).raw().toBuffer());
  });

  const bombs: [what: string, bytes: () => Promise<Buffer> | Buffer, type: string][] = [
    ['a PNG that says it has 3.6 gigapixels', () => pngOf(60_000, 60_000), 'image/png'],
    ['a GIF of more frames than anybody looks at', () => manyFrames(1_001), 'image/gif'],
  ];
  for (const [what, bytes, type] of bombs)
    it(`R14.3 ${what} is refused before it is drawn`, async () => {
      const begin = performance.now();
      await assert.rejects(prepare(await bytes(), type), { code: 'payload_too_large' });
      assert.ok(performance.now() - begin < 5_000);
    });

  const broken: [what: string, bytes: () => Promise<Buffer> | Buffer, type: string][] = [
    [
      'a photo cut in the middle',
      async () =>
        half(
          await sharp({
            create: { width: 400, height: 400, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 99, sigma: 40 } },
          })
            .jpeg()
            .toBuffer(),
        ),
      'image/jpeg',
    ],
    ['a PNG cut in the middle', async () => half(await plain(90, 90).png().toBuffer()), 'image/png'],
    ['a GIF that ends in its first frame', async () => (await gif(2)).subarray(0, 60), 'image/gif'],
    ['a GIF in name alone', () => Buffer.from('GIF89a'), 'image/gif'],
    ['something that begins as a JPEG', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300, 7)]), 'image/jpeg'],
  ];
  for (const [what, bytes, type] of broken)
    it(`R14.3 ${what} is refused`, async () => assert.rejects(prepare(await bytes(), type), { code: 'unsupported_type' }));

  it('P8 whatever the bytes are, taking them apart ends, with a picture or an error', async () => {
    const seeds = [
      await gif(2),
      await plain(20, 20).png().toBuffer(),
      await sharp(await gif(2), { animated: true })
        .webp()
        .toBuffer(),
    ];
    const types = ['image/gif', 'image/png', 'image/webp'];
    for (const [i, seed] of seeds.entries())
      for (let at = 0; at < seed.length; at++)
        for (const to of [0, 0xff]) {
          const bytes = Buffer.from(seed);
          bytes[at] = to;
          try {
            const { bytes: out } = strippers[types[i] ?? '']?.(bytes) ?? assert.fail();
            assert.ok(out.length <= bytes.length + 1);
          } catch (error) {
            assert.ok(error instanceof Error);
          }
        }
  });
});

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

/** The same frame again and again. */
async function manyFrames(count: number): Promise<Buffer> {
  const one = await plain(48, 36).gif().toBuffer();
  const at = one.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]));
  assert.ok(at > 0);
  const image = one.subarray(at, -1);
  return Buffer.concat([one.subarray(0, at), ...Array.from({ length: count }, () => image), Buffer.from([0x3b])]);
}
