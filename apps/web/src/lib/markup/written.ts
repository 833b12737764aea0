import type { Block, Inline } from './tree.ts';

/** A tree as one line, for tests: `<strong>강조</strong>는`. */
export function written(blocks: readonly Block[]): string {
  return blocks.map(block).join('¶');
}

function block(one: Block): string {
  switch (one.type) {
    case 'lines':
      return inline(one.children);
    case 'code':
      return `<pre ${one.language}>${one.text}</pre>`;
    case 'quote':
      return `<quote>${written(one.children)}</quote>`;
    case 'list':
      return `<list>${one.items.map((item) => `<${item.number ?? '•'}>${written(item.children)}</>`).join('')}</list>`;
  }
}

function inline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.text;
      if (node.type === 'link') return `<a ${node.href}${node.host === null ? '' : ` (${node.host})`}>${inline(node.children)}</a>`;
      if ('children' in node) return `<${node.type}>${inline(node.children)}</${node.type}>`;
      return node.type === 'code' ? `<code>${node.text}</code>` : `<${node.type} ${node.id}>${node.text}</${node.type}>`;
    })
    .join('');
}
