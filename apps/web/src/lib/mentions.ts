import { type Named, type Names, namesOf, noNames } from './markup/names.ts';
import { parse } from './markup/parse.ts';
import type { Block, Inline } from './markup/tree.ts';

/** The longer of two names that stand at a place. */
function either(first: Names, second: Names): Names {
  return {
    at(text, index) {
      const [a, b] = [first.at(text, index), second.at(text, index)];
      return a && b ? (b.name.length > a.name.length ? b : a) : (a ?? b);
    },
  };
}

/**
 * Whom a text that is being written names: those who were picked from the list, by whatever follows, and members whose
 * whole name stands behind an `@`. Of two members of one name only the picked one is meant.
 * @param members empty while they are not known: then only who was picked is
 * @param picked ids by the names that were inserted
 */
export function namesIn(members: readonly Named[], picked: ReadonlyMap<string, string>): Names {
  const here = new Set(members.map(({ id }) => id));
  const chosen = Array.from(picked, ([name, id]) => ({ id, name })).filter(({ id }) => here.size === 0 || here.has(id));
  return either(namesOf(chosen), namesOf(members, { strict: true }));
}

/** The ids of all who are named in a text, each once, in its order; nobody in code. */
export function mentionsIn(text: string, names: Names): readonly string[] {
  if (!text.includes('@')) return [];
  const found = new Set<string>();
  const inline = (nodes: readonly Inline[]) => {
    for (const node of nodes) {
      if (node.type === 'mention') found.add(node.id);
      else if ('children' in node) inline(node.children);
    }
  };
  const walk = (blocks: readonly Block[]) => {
    for (const block of blocks) {
      if (block.type === 'lines') inline(block.children);
      else if (block.type === 'quote') walk(block.children);
      else if (block.type === 'list') for (const item of block.items) walk(item.children);
    }
  };
  walk(parse(text, { people: names, rooms: noNames }));
  return [...found];
}
