import sharp from 'sharp';

/** Small pictures for tests, made as they are needed. */

const plain = (width: number, height: number, background: string) => sharp({ create: { width, height, channels: 3, background } });

export const png = (width = 40, height = 30, colour = '#c0482a'): Promise<Buffer> => plain(width, height, colour).png().toBuffer();

/** As a camera writes it: where it was taken and how it was held. */
export function photo(width = 60, height = 40, orientation = 6): Promise<Buffer> {
  return plain(width, height, '#2a7a5c')
    .withExif({ IFD0: { Copyright: 'secret-owner', Model: 'secret-camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 0/1' } })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

/** A GIF whose frames differ in colour. @param delay of each frame, in milliseconds */
export async function gif(frames = 4, delay = 120, width = 48, height = 36): Promise<Buffer> {
  const colours = ['#c0482a', '#2a7a5c', '#2f5fb3', '#d9a62e', '#7b4bb0'];
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, i) =>
      plain(width, height, colours[i % colours.length] ?? 'black')
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    .gif({ delay: Array.from({ length: frames }, () => delay), loop: 0 })
    .toBuffer();
}

export async function animatedWebp(frames = 3, delay = 100): Promise<Buffer> {
  return sharp(await gif(frames, delay), { animated: true })
    .webp()
    .toBuffer();
}
