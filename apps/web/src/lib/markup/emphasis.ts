import type { Inline } from './tree.ts';

type Mark = '*' | '**' | '_' | '~~';
const typeOf = { '*': 'em', _: 'em', '**': 'strong', '~~': 'strike' } as const;

interface Open {
  mark: Mark;
  /** Where its text stands among the pieces; it stays text if it is never closed. */
  readonly piece: number;
  /** Where its run began: the two of `***` belong together. */
  readonly run: number;
}

/** Open marks at a time. More are forgotten from the outside: so the depth is bounded, and each piece is moved this often at most. */
const deepest = 12;

const word = /[\p{L}\p{N}]/u;
const tight = /[\p{Script=Latin}\p{N}]/u;
const space = /\s/u;
/** What emphasis may begin with: after other marks, quotes and brackets a letter, a number or a picture. */
const beginsWord = /[*_~`"'“‘「『《〈([]{0,8}(?:[\p{L}\p{N}\p{Extended_Pictographic}@#:/]|[-+$₩€.]\p{N})/uy;
const hangul = /\p{Script=Hangul}/u;

/**
 * Puts pieces of text together and finds what stands between marks.
 *
 * The rule is simpler than CommonMark's, and made for Korean, which writes particles right behind a word: there
 * `**강조(强調)**는` is no emphasis, because a closing mark after punctuation may not be followed by a letter.
 * Here a mark closes after anything but a space. What keeps other texts whole is that it opens more rarely: `_`, `*`
 * and `~~` never inside of a word (snake_case, 2*3*4, 네~~알겠어요~~), `**` not behind a number (2**10) or behind
 * a family name (김**님), and one `~` never (3~5시, 안녕~).
 */
export class Emphasis {
  readonly #source: string;
  #pieces: Inline[] = [];
  #open: Open[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  text(from: number, to: number): void {
    if (to > from) this.#pieces.push({ type: 'text', text: this.#source.slice(from, to) });
  }

  node(node: Inline): void {
    this.#pieces.push(node);
  }

  /** Emphasis of one star or line ends with the line: two footnotes are not its two ends. */
  newLine(): void {
    this.#open = this.#open.filter(({ mark }) => mark === '**' || mark === '~~');
  }

  /** A run of one mark. @returns false when it is nothing but text, which is left to the caller */
  run(from: number, to: number): boolean {
    const marks = this.#source.slice(from, to);
    const char = marks.charAt(0);
    if (char === '*' && marks.length <= 3) return this.#stars(from, to);
    if (marks !== '_' && marks !== '~~') return false;
    const open = this.#open.findLastIndex((one) => one.mark === marks);
    if (open >= 0 && this.#closes(marks, from, to)) {
      this.#close(open);
      return true;
    }
    if (!this.#opens(marks, from, to)) return false;
    this.#push(marks, from);
    return true;
  }

  #stars(from: number, to: number): boolean {
    let left = to - from;
    while (left > 0) {
      const top = this.#open.findLastIndex(({ mark }) => mark === '*' || mark === '**');
      if (left === 2) this.#swap(top);
      const at = this.#open.findLastIndex(({ mark }) => (left === 3 ? mark === '*' || mark === '**' : mark === '**'.slice(0, left)));
      const mark = this.#open[at]?.mark;
      if (mark === undefined || !this.#closes(mark, from, to)) break;
      this.#close(at);
      left -= mark.length;
    }
    if (left === 0) return true;
    const kept = '***'.slice(0, left);
    const wanted: Mark[] = left === 3 ? ['**', '*'] : [left === 2 ? '**' : '*'];
    if (left === to - from && wanted.every((mark) => this.#opens(mark, from, to))) for (const mark of wanted) this.#push(mark, from);
    else this.#pieces.push({ type: 'text', text: kept });
    return true;
  }

  /** Of `***a** b*` the two stars are closed first: they were the inner ones, then. */
  #swap(top: number): void {
    const [outer, inner] = [this.#open[top - 1], this.#open[top]];
    if (outer?.run !== inner?.run || !outer || !inner || inner.mark !== '*') return;
    outer.mark = '*';
    inner.mark = '**';
    this.#pieces[outer.piece] = { type: 'text', text: '*' };
    this.#pieces[inner.piece] = { type: 'text', text: '**' };
  }

  #opens(mark: Mark, from: number, to: number): boolean {
    const before = charBefore(this.#source, from);
    const next = this.#source.charAt(to);
    if (next === '' || space.test(next)) return false;
    if (mark === '**') {
      if (/\p{N}/u.test(before)) return false;
      return !hangul.test(before) || word.test(charBefore(this.#source, from - before.length));
    }
    if (word.test(before)) return false;
    if (mark === '~~') return true;
    beginsWord.lastIndex = to;
    return beginsWord.test(this.#source);
  }

  #closes(mark: Mark, from: number, to: number): boolean {
    const before = this.#source.charAt(from - 1);
    if (space.test(before)) return false;
    return mark === '**' || mark === '~~' || !tight.test(String.fromCodePoint(this.#source.codePointAt(to) ?? 0x20));
  }

  #push(mark: Mark, run: number): void {
    if (this.#open.length === deepest) this.#open.shift();
    this.#open.push({ mark, piece: this.#pieces.length, run });
    this.#pieces.push({ type: 'text', text: mark });
  }

  #close(at: number): void {
    const open = this.#open[at];
    if (!open) return;
    this.#open.length = at;
    const children = joined(this.#pieces.splice(open.piece + 1));
    this.#pieces[open.piece] = { type: typeOf[open.mark], children };
  }

  finish(): Inline[] {
    return joined(this.#pieces);
  }
}

function charBefore(text: string, index: number): string {
  if (index <= 0) return '';
  const code = text.codePointAt(index - 2);
  return code !== undefined && code > 0xffff ? String.fromCodePoint(code) : text.charAt(index - 1);
}

function joined(pieces: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  let texts: string[] = [];
  const flush = () => {
    if (texts.length > 0) out.push({ type: 'text', text: texts.join('') });
    texts = [];
  };
  for (const piece of pieces) {
    if (piece.type === 'text') texts.push(piece.text);
    else {
      flush();
      out.push(piece);
    }
  }
  flush();
  return out;
}
