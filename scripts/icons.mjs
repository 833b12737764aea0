// Draws the icons of the installed application from the mark, into apps/web/public: node scripts/icons.mjs, when the mark has changed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './install.mjs';

const sharp = createRequire(join(root, 'packages', 'server', 'package.json'))('sharp');
const folder = join(root, 'apps', 'web', 'public');

/** Name, size, and what it is drawn from. Only the maskable ones fill their square; Apple's has no transparency. */
const icons = [
  ['icon-192.png', 192, 'favicon.svg'],
  ['icon-512.png', 512, 'favicon.svg'],
  ['icon-maskable-192.png', 192, 'icon-maskable.svg'],
  ['icon-maskable-512.png', 512, 'icon-maskable.svg'],
  ['apple-touch-icon.png', 180, 'icon-maskable.svg'],
];

for (const [name, size, from] of icons) {
  // Drawn at its size, not enlarged: SVG's own are 64 units at 72 dots an inch.
  await sharp(join(folder, from), { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ palette: true, compressionLevel: 9, effort: 10 })
    .toFile(join(folder, name));
}
