import { type Known, nobody, parseInline } from './inline.ts';
import type { Block, ListItem } from './tree.ts';

/** Quotes in quotes and lists in lists, and no deeper: what is deeper stays text. */
const deepest = 4;

const fenceLine = /^ {0,3}(`{3,})([^`]*)$/u;
const language = /^[ \t]*([a-z][\w+#.-]{0,30})[ \t]*$/iu;
const fenceInside = /^([^`]*\S[^`]*)(`{3})([^`]*)$/u;
/** `> `, or `>` before a word. Not the faces: >_<, >ㅁ<, > <. */
const quoteLine = /^ {0,3}>(?!\s*\S{0,2}\s*<)(?: |$|(?=[\p{Script=Latin}\p{N}가-힣>]))/u;
/** A point. Not a line drawn with signs (`- 끝 -`, `* * *`). */
const pointLine = /^( *)([-*•]) +(?![-*•](?: |$))(?=\S)(?!.* [-*•]$)/u;
/** A number and what it counts. Not a date: `1. 12.`, `1. 12(월)`, `2026. 1. 12.`. */
const numberLine = /^( *)(\d{1,3})[.)] +(?=\S)(?!\d{1,2}\s*(?:[.(]|$))/u;

/**
 * A message's text as a tree. For every text there is one, in time linear in its length: what is not closed, or is
 * nothing that Suda knows, stays the text it is.
 */
export function parse(text: string, known: Known = nobody): readonly Block[] {
  return parseLines(text.replaceAll('\r\n', '\n').split('\n'), known, 0);
}

function parseLines(lines: readonly string[], known: Known, depth: number): Block[] {
  const blocks: Block[] = [];
  const lastFence = lines.findLastIndex((line) => line.trimEnd().endsWith('```'));
  let plain: string[] = [];
  const flush = () => {
    // Beside a block, empty lines are the block's own distance.
    while (blocks.length > 0 && plain[0]?.trim() === '') plain.shift();
    if (plain.length > 0) blocks.push({ type: 'lines', children: parseInline(plain.join('\n'), known) });
    plain = [];
  };
  const begin = (block: Block) => {
    while (plain.at(-1)?.trim() === '') plain.pop();
    flush();
    blocks.push(block);
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fence = fenceLine.exec(line);
    const block = !fence && depth < deepest ? (readQuote(lines, at, known, depth) ?? readList(lines, at, known, depth)) : null;
    if (block) {
      begin(block.block);
      at = block.next;
      continue;
    }
    const inside = !fence && lastFence > at && line.includes('```') ? fenceInside.exec(line) : null;
    const code = readCode(lines, at, fence ?? inside?.slice(1) ?? null);
    if (code) {
      if (inside?.[1] !== undefined) plain.push(inside[1].trimEnd());
      begin(code.block);
      at = code.next;
      continue;
    }
    plain.push(line);
    at += 1;
  }
  flush();
  return blocks;
}

interface Read {
  readonly block: Block;
  readonly next: number;
}

/**
 * Code up to a line that ends with as many backticks, or to the end of the text. Null when there is none.
 * @param fence what the opening line is, its backticks, and what stands behind them: a language, or code already
 */
function readCode(lines: readonly string[], from: number, fence: readonly (string | undefined)[] | null): Read | null {
  if (!fence) return null;
  const [, marks = '', rest = ''] = fence;
  const named = language.exec(rest)?.[1];
  const code = named === undefined && rest.trim() !== '' ? [rest.trim()] : [];
  const ending = new RegExp(`^(.*?)(?<!\`)${marks}\`*[ \\t]*$`, 'u');
  let at = from + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const last = line.trimEnd().endsWith('```') ? ending.exec(line)?.[1] : undefined;
    if (last === undefined) code.push(line);
    else {
      if (last.trim() !== '') code.push(last);
      at += 1;
      break;
    }
  }
  const text = code.join('\n');
  return text.trim() === '' ? null : { block: { type: 'code', language: named?.toLowerCase() ?? '', text }, next: at };
}

function readQuote(lines: readonly string[], from: number, known: Known, depth: number): Read | null {
  const inner: string[] = [];
  let at = from;
  const begun = quoteLine.exec(lines[from] ?? '');
  // An empty quote is a lone sign. Looking further for words would cost every such line the whole text.
  if (!begun || (lines[from] ?? '').slice(begun[0].length).trim() === '') return null;
  for (; at < lines.length; at += 1) {
    const mark = quoteLine.exec(lines[at] ?? '');
    if (!mark) break;
    inner.push((lines[at] ?? '').slice(mark[0].length));
  }
  return { block: { type: 'quote', children: parseLines(inner, known, depth + 1) }, next: at };
}

function readList(lines: readonly string[], from: number, known: Known, depth: number): Read | null {
  const first = lines[from] ?? '';
  const ordered = numberLine.test(first);
  const marker = ordered ? numberLine : pointLine;
  const indent = marker.exec(first)?.[1]?.length;
  if (indent === undefined || indent > 3) return null;
  const items: ListItem[] = [];
  let inner: string[] = [];
  let number: number | null = null;
  const end = () => {
    if (inner.length > 0) items.push({ number, children: parseLines(inner, known, depth + 1) });
    inner = [];
  };
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const mark = marker.exec(line);
    if (mark && (mark[1] ?? '').length < indent + 2) {
      if ((mark[1] ?? '').length < indent) break;
      end();
      number = ordered ? Number(mark[2]) : null;
      inner = [line.slice(mark[0].length)];
    } else if (at > from && line.startsWith(' '.repeat(indent + 2)) && line.trim() !== '') {
      inner.push(line.slice(indent + 2).replace(/^ (?=\S)/u, ''));
    } else break;
  }
  end();
  return { block: { type: 'list', ordered, items }, next: at };
}
