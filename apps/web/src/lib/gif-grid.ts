/** Where a tile stands, in any unit. */
export interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

export type Step = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End';

export const isStep = (key: string): key is Step => /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key);

const middle = ({ left, width }: Tile): number => left + width / 2;

/**
 * The tile that a key leads to, in rows of tiles of different widths. Up and down go to the one that is nearest to straight above or below.
 * @param tiles in reading order
 * @returns its index; -1 above the first row
 */
export function stepFrom(tiles: readonly Tile[], at: number, key: Step): number {
  const last = tiles.length - 1;
  const here = tiles[at];
  if (here === undefined) return Math.min(0, last);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(last, at + 1);
  const way = key === 'ArrowDown' ? 1 : -1;
  // Rows are told apart by more than a rounding.
  const beyond = tiles.filter(({ top }) => (top - here.top) * way > 1);
  const next = way > 0 ? Math.min(...beyond.map(({ top }) => top)) : Math.max(...beyond.map(({ top }) => top));
  const row = beyond.filter(({ top }) => Math.abs(top - next) <= 1);
  const nearest = row.reduce<Tile | undefined>(
    (best, tile) => (best === undefined || Math.abs(middle(tile) - middle(here)) < Math.abs(middle(best) - middle(here)) ? tile : best),
    undefined,
  );
  if (nearest === undefined) return way > 0 ? at : -1;
  return tiles.indexOf(nearest);
}
