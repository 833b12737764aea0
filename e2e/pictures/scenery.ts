import sharp from 'sharp';

/** Pictures that people of the story send: drawn, so that they belong to nobody. */

const hills = (seed: number, base: number, height: number, width: number, bottom: number): string => {
  const points = Array.from({ length: 25 }, (_, i) => {
    const x = (i / 24) * width;
    const y = base - height * (0.5 + 0.32 * Math.sin(i * 0.55 + seed) + 0.18 * Math.sin(i * 1.7 + seed * 2.3));
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return `M0,${bottom} L${points.join(' L')} L${width},${bottom} Z`;
};

function dawn(width: number, height: number, sun: number): string {
  const layers = [
    ['#b7c7cf', 0.56, 0.2],
    ['#8fabaf', 0.66, 0.22],
    ['#5f8a86', 0.78, 0.24],
    ['#376a62', 0.9, 0.24],
    ['#1d4a43', 1.02, 0.22],
  ] as const;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#f3c9a4"/><stop offset=".45" stop-color="#f7e3cd"/><stop offset="1" stop-color="#dfe7e2"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${width * 0.68}" cy="${height * (0.62 - sun * 0.36)}" r="${height * 0.085}" fill="#fff6e6"/>${layers
    .map(([fill, base, tall], i) => `<path fill="${fill}" d="${hills(i * 1.9 + 0.4, height * base, height * tall, width, height)}"/>`)
    .join('')}</svg>`;
}

export const mountain = (): Promise<Buffer> =>
  sharp(Buffer.from(dawn(1200, 800, 0.62)))
    .jpeg({ quality: 86 })
    .toBuffer();

export const trail = (): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><rect width="900" height="900" fill="#e9efe2"/><path fill="#c9dcc0" d="${hills(1.1, 520, 260, 900, 900)}"/><path fill="#9fc19a" d="${hills(3.2, 700, 240, 900, 900)}"/><path fill="none" stroke="#b83c14" stroke-width="9" stroke-linecap="round" stroke-dasharray="2 22" d="M90 800C240 700 200 560 340 520s210 60 300-70 60-220 170-290"/><circle cx="810" cy="160" r="20" fill="#b83c14"/><circle cx="90" cy="800" r="20" fill="#17695a"/></svg>`,
    ),
  )
    .png()
    .toBuffer();

/** The sun comes up, in fourteen frames. */
export async function sunrise(): Promise<Buffer> {
  const frames = await Promise.all(
    Array.from({ length: 14 }, (_, i) =>
      sharp(Buffer.from(dawn(360, 240, i / 13)))
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: frames.map(() => 90), loop: 0 })
    .toBuffer();
}
