import type { Row } from './rows.ts';

/** What a row is taken to be high before anything was measured. CSS pixels. */
const firstGuess = { day: 56, notice: 26, new: 40, said: 40 } as const;
const lineHeight = 22;
const pictureHeight = 250;

/**
 * How high each row is: measured once it stood in the document, guessed before. A guess stays until it is measured, so that
 * nothing moves because another row turned out otherwise.
 */
export class Heights {
  readonly #measured = new Map<string, number>();
  readonly #guessed = new Map<string, number>();
  /** Of each shape of row, what was measured beyond what its text says. */
  readonly #means = new Map<string, { sum: number; count: number }>();
  #width = 660;

  of(row: Row): number {
    return this.#measured.get(row.key) ?? this.#guess(row);
  }

  /** @returns whether the row is another height than it was taken for */
  measure(row: Row, height: number): boolean {
    const before = this.of(row);
    if (!this.#measured.has(row.key)) {
      const shape = shapeOf(row);
      const mean = this.#means.get(shape) ?? { sum: 0, count: 0 };
      this.#means.set(shape, { sum: mean.sum + height - this.#content(row), count: mean.count + 1 });
    }
    this.#measured.set(row.key, height);
    this.#guessed.delete(row.key);
    return Math.abs(height - before) > 0.25;
  }

  /** The column is another width now: what was measured before holds no longer. */
  resize(width: number): void {
    this.#width = Math.max(120, width);
    this.#measured.clear();
    this.#guessed.clear();
    this.#means.clear();
  }

  /** Forgets what is not in this timeline any more. */
  keep(keys: ReadonlyMap<string, unknown>): void {
    for (const known of [this.#measured, this.#guessed]) {
      if (known.size < 2 * keys.size + 1_000) continue;
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
    }
  }

  #guess(row: Row): number {
    const known = this.#guessed.get(row.key);
    if (known !== undefined) return known;
    const mean = this.#means.get(shapeOf(row));
    const guess = Math.max(8, (mean ? mean.sum / mean.count : firstGuess[row.kind]) + this.#content(row));
    this.#guessed.set(row.key, guess);
    return guess;
  }

  /** What a row's text and pictures add to a row of one line. */
  #content(row: Row): number {
    if (row.kind !== 'said') return 0;
    const pictures = row.attachments.length + row.files.length > 0 ? pictureHeight : 0;
    return (linesOf(row.text, this.#width) - 1) * lineHeight + pictures;
  }
}

function shapeOf(row: Row): string {
  return row.kind === 'said' ? `said ${row.first} ${row.mine} ${row.replyTo !== null}` : row.kind;
}

/** How many lines a text takes, about: East Asian letters are twice as wide as others. */
export function linesOf(text: string, width: number): number {
  let lines = 0;
  for (const line of text.split('\n', 200)) {
    let wide = 0;
    const most = Math.min(line.length, 4_000);
    for (let i = 0; i < most; i += 1) wide += line.charCodeAt(i) > 0x1100 ? 14 : 7.5;
    lines += Math.max(1, Math.ceil(wide / Math.max(100, width - 90)));
  }
  return lines;
}
