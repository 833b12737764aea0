import { type Known, nobody } from './inline.ts';
import { parse } from './parse.ts';
import type { Block, Inline } from './tree.ts';

/** A tree as text without marks: for what is read aloud, quoted, copied, notified or listed. */
export function plainOf(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n');
}

/** A message's text without marks. */
export function plainText(text: string, known: Known = nobody): string {
  return plainOf(parse(text, known));
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'lines':
      return inlineText(block.children);
    case 'code':
      return block.text;
    case 'quote':
      return plainOf(block.children).replace(/^/gmu, '> ');
    case 'list':
      return block.items
        .map((item) => `${item.number === null ? '•' : `${item.number}.`} ${plainOf(item.children).replaceAll('\n', '\n  ')}`)
        .join('\n');
  }
}

export function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (!('children' in node)) return node.text;
      const inside = inlineText(node.children);
      return node.type === 'link' && node.host !== null ? `${inside} (${node.host})` : inside;
    })
    .join('');
}
