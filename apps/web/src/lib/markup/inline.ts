import { addressAt } from '../segments.ts';
import { Emphasis } from './emphasis.ts';
import { hostToShow, safeHref } from './links.ts';
import { type Names, noNames } from './names.ts';
import type { Inline } from './tree.ts';

/** Whom and which rooms a text may name. */
export interface Known {
  readonly people: Names;
  readonly rooms: Names;
}
export const nobody: Known = { people: noNames, rooms: noNames };

/** A link's target is at most this long: what is longer is text. */
const longestTarget = 2_048;

/**
 * All that may begin something. First what only looks like it: the shrug, and faces such as ^_^ and *_*, of which
 * the ones with letters (ㅠ_ㅠ, T_T) are safe already, because an underscore inside a word is none.
 */
const special =
  /¯\\_\(ツ\)_\/¯|([\^><*;=+@~-])_{1,3}\1|\^_[~-]|[~-]_\^|>_{1,3}<|<_>|\*[\^'´>.-][^\s\p{L}\p{N}]{0,6}\*|\\[*_~`[\]@#>-]|https?:\/\/|`+|\*+|_+|~+|\[|@|#|\n/giu;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** Code spans by where they begin: a run of backticks is closed by the next run of the same length. */
function codeSpans(text: string): ReadonlyMap<number, Span> {
  const runs = Array.from(text.matchAll(/(?<!\\)`+/gu), ({ index, 0: marks }) => ({ index, length: marks.length }));
  const later = new Map<number, number[]>();
  for (const { index, length } of runs.toReversed()) {
    const same = later.get(length);
    if (same) same.push(index);
    else later.set(length, [index]);
  }
  const spans = new Map<number, Span>();
  let free = 0;
  for (const { index, length } of runs) {
    if (index < free) continue;
    const closers = later.get(length) ?? [];
    while ((closers.at(-1) ?? Number.POSITIVE_INFINITY) <= index) closers.pop();
    const to = closers.at(-1);
    if (to === undefined) continue;
    free = to + length;
    spans.set(index, { from: index + length, to, end: free });
  }
  return spans;
}

interface Target {
  /** The label's `]`. */
  readonly label: number;
  /** The target's `)`. */
  readonly end: number;
}

/** `[label](target)` by where it begins. A target has no space, and round brackets only in pairs; brackets in code are none. */
function targets(text: string, spans: ReadonlyMap<number, Span>): ReadonlyMap<number, Target> {
  const squares: number[] = [];
  const rounds: number[] = [];
  const labels: { readonly from: number; readonly to: number }[] = [];
  const closed = new Map<number, number>();
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (/\s/u.test(char)) rounds.length = 0;
    if (char === '\n') squares.length = 0;
    else if (char === '\\') i += 1;
    else if (char === '`') i = (spans.get(i)?.end ?? i + 1) - 1;
    else if (char === '[') squares.push(i);
    else if (char === '(') rounds.push(i);
    else if (char === ']') {
      const from = squares.pop();
      if (from !== undefined && text[i + 1] === '(') labels.push({ from, to: i });
    } else if (char === ')') closed.set(rounds.pop() ?? -1, i);
  }
  const found = new Map<number, Target>();
  for (const { from, to } of labels) {
    const end = closed.get(to + 1);
    if (end !== undefined && end - to <= longestTarget && to > from + 1) found.set(from, { label: to, end });
  }
  return found;
}

const spaced = /^ (.*\S.*) $/su;

/** Parses what stands in lines. @param inLink no link is inside of another */
export function parseInline(text: string, known: Known, inLink = false): Inline[] {
  const spans = text.includes('`') ? codeSpans(text) : new Map<number, Span>();
  const links = inLink || !text.includes('](') ? new Map<number, Target>() : targets(text, spans);
  const out = new Emphasis(text);
  let at = 0;
  /** Takes text up to here, and a piece in place of what is until there. */
  const put = (index: number, end: number, node: Inline | null) => {
    out.text(at, index);
    if (node) out.node(node);
    at = end;
  };
  special.lastIndex = 0;
  for (let match = special.exec(text); match; match = special.exec(text)) {
    const { index } = match;
    const [token] = match;
    special.lastIndex = take(token, index, index + token.length);
  }
  out.text(at, text.length);
  return out.finish();

  /** @returns where to read on */
  function take(token: string, index: number, end: number): number {
    const first = token.charAt(0);
    if (first === '\n') {
      out.newLine();
      return end;
    }
    if (first === '\\') {
      put(index, index + 1, null);
      return end;
    }
    if (first === '`') return code(index, end);
    if (first === '[') return link(index, end);
    if (token === '@' || token === '#') return name(index, end);
    if (/^h/iu.test(token)) return address(index, end);
    if (/^(?:\*+|_+|~+)$/u.test(token)) {
      out.text(at, index);
      at = out.run(index, end) ? end : index;
    }
    return end;
  }
  function code(index: number, end: number): number {
    const span = spans.get(index);
    if (!span) return end;
    const inside = text.slice(span.from, span.to);
    put(index, span.end, { type: 'code', text: spaced.exec(inside)?.[1] ?? inside });
    return span.end;
  }
  function link(index: number, end: number): number {
    const found = links.get(index);
    const href = found ? safeHref(text.slice(found.label + 2, found.end)) : null;
    if (!found || href === null) return end;
    const label = text.slice(index + 1, found.label);
    put(index, found.end + 1, { type: 'link', href, children: parseInline(label, nobody, true), host: hostToShow(label, href) });
    return found.end + 1;
  }
  function address(index: number, end: number): number {
    if (inLink) return end;
    const found = addressAt(text, index);
    if (!found) return end;
    const stop = index + found.text.length;
    if (found.href !== null) {
      const { href, text: shown } = found;
      put(index, stop, { type: 'link', href, children: [{ type: 'text', text: shown }], host: hostToShow(shown, href) });
    }
    return stop;
  }
  function name(index: number, end: number): number {
    const person = text[index] === '@';
    // An address (mina@example.org) and a part of a word name nobody.
    if (/[\p{Script=Latin}\p{N}_./]/u.test(text.charAt(index - 1))) return end;
    const found = (person ? known.people : known.rooms).at(text, end);
    if (!found) return end;
    const stop = end + found.name.length;
    put(index, stop, { type: person ? 'mention' : 'room', text: text.slice(index, stop), id: found.id });
    return stop;
  }
}
