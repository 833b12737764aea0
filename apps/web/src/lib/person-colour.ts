/** Hues (degrees, OKLCH) far enough apart to tell people by. The theme gives lightness and chroma: `--person-*` in tokens.css. */
export const personHues = [20, 50, 80, 110, 140, 170, 200, 230, 260, 290, 320, 350] as const;

/** A person's hue: the same on every device, and whatever they are called. */
export function hueOf(id: string): number {
  // FNV-1a, 32 bits
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return personHues[((hash ^ (hash >>> 15)) >>> 0) % personHues.length] ?? 20;
}
