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

export const lamp = (): Promise<Buffer> =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="460"><rect width="960" height="460" fill="#22323a"/><path fill="#f2c36b" fill-opacity=".16" d="M480 168 180 460h600z"/><path fill="#f2c36b" fill-opacity=".3" d="m480 168-170 292h340z"/><path stroke="#0f1a1f" stroke-width="6" d="M480 0v96"/><path fill="#d9e6df" d="M480 92c54 0 92 38 98 84H382c6-46 44-84 98-84z"/><circle cx="480" cy="184" r="22" fill="#fff3d6"/><path fill="#17695a" d="M92 226h128v234H92z"/><circle cx="198" cy="348" r="8" fill="#f2c36b"/><path fill="#1a272d" d="M0 436h960v24H0z"/><path fill="#3b4f57" d="M720 262h120v20H720z"/><path fill="#b83c14" d="M742 208h24v54h-24z"/><path fill="#8fabaf" d="M772 196h18v66h-18z"/><path fill="#d99a2b" d="M796 216h22v46h-22z"/></svg>',
    ),
  )
    .png()
    .toBuffer();

const count = 12;
const turn = (i: number): number => (i / count) * 2 * Math.PI;

/** One drawing for each moment of a turn, `t` from 0 to 1. */
const moving: Readonly<Record<string, (t: number, i: number) => string>> = {
  sunrise: (t) => dawn(360, 240, t),
  sea: (_, i) =>
    scene(
      '#cfe3ee',
      ['#8fbcd1', '#4f8fae', '#2b6587'].map(
        (fill, n) => `<path fill="${fill}" d="${waves(120 + n * 36, 12 + n * 3, turn(i) * (n % 2 ? -1 : 1) + n)}"/>`,
      ),
    ),
  tea: (_, i) =>
    scene('#f1e4d3', [
      ...[150, 180, 210].map(
        (x, n) =>
          `<path fill="none" stroke="#c9b79f" stroke-width="7" stroke-linecap="round" d="M${x} 92q${14 * Math.sin(turn(i) + n)} -22 0 -44"/>`,
      ),
      '<path fill="#17695a" d="M112 108h136v44c0 34-28 58-68 58s-68-24-68-58z"/><path fill="none" stroke="#17695a" stroke-width="13" d="M248 122h14c34 0 34 50-6 50"/>',
    ]),
  night: (_, i) =>
    scene('#1e2a44', [
      ...Array.from(
        { length: 16 },
        (__, n) => `<circle cx="${(n * 83) % 360}" cy="${(n * 47) % 150}" r="${2 + 1.4 * Math.sin(turn(i) + n)}" fill="#f7e9c4"/>`,
      ),
      '<circle cx="270" cy="66" r="28" fill="#f7e9c4"/><circle cx="258" cy="60" r="26" fill="#1e2a44"/><path fill="#101828" d="M0 240V190l70-44 66 40 88-60 136 78v36z"/>',
    ]),
  rain: (_, i) =>
    scene('#b9c6cc', [
      ...Array.from({ length: 26 }, (__, n) => {
        const y = ((n * 61 + i * 20) % 264) - 12;
        return `<path stroke="#5e7884" stroke-width="3" stroke-linecap="round" d="M${(n * 53) % 360} ${y}l-5 14"/>`;
      }),
      '<path fill="#b83c14" d="M90 150a90 90 0 0 1 180 0z"/><path fill="none" stroke="#4a2a1c" stroke-width="6" d="M180 60v140a16 16 0 0 0 32 0"/>',
    ]),
  clap: (_, i) =>
    scene(
      '#fae5da',
      Array.from(
        { length: 7 },
        (__, n) =>
          `<circle cx="${60 + n * 40}" cy="${130 - 44 * Math.abs(Math.sin(turn(i) / 2 + n * 0.5))}" r="17" fill="${['#b83c14', '#17695a', '#d99a2b'][n % 3]}"/>`,
      ),
    ),
};

function scene(ground: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240"><rect width="360" height="240" fill="${ground}"/>${parts.join('')}</svg>`;
}
function waves(base: number, height: number, phase: number): string {
  const points = Array.from({ length: 19 }, (_, i) => `${i * 20},${(base + height * Math.sin(i * 0.7 + phase)).toFixed(1)}`);
  return `M0,240 L${points.join(' L')} L360,240 Z`;
}

export const gifNames = Object.keys(moving);

export async function gif(name: string): Promise<Buffer> {
  const draw = moving[name];
  if (draw === undefined) throw new Error(`no such scene: ${name}`);
  const frames = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      sharp(Buffer.from(draw(i / (count - 1), i)))
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: frames.map(() => 90), loop: 0 })
    .toBuffer();
}
