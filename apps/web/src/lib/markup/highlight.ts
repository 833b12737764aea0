import { createLowlight, type LanguageFn } from 'lowlight';

type Grammar = () => Promise<{ readonly default: LanguageFn }>;

/** Each is a file of its own, and comes when the first code in it is seen. */
const grammars: Readonly<Record<string, Grammar>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  dart: () => import('highlight.js/lib/languages/dart'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  go: () => import('highlight.js/lib/languages/go'),
  graphql: () => import('highlight.js/lib/languages/graphql'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  lua: () => import('highlight.js/lib/languages/lua'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  nginx: () => import('highlight.js/lib/languages/nginx'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scala: () => import('highlight.js/lib/languages/scala'),
  scss: () => import('highlight.js/lib/languages/scss'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};
const others: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  'c++': 'cpp',
  cs: 'csharp',
  docker: 'dockerfile',
  gql: 'graphql',
  golang: 'go',
  h: 'c',
  hpp: 'cpp',
  html: 'xml',
  js: 'javascript',
  jsx: 'javascript',
  kt: 'kotlin',
  md: 'markdown',
  mjs: 'javascript',
  patch: 'diff',
  postgresql: 'sql',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  svelte: 'xml',
  svg: 'xml',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  yml: 'yaml',
  zsh: 'bash',
};

export type Kind = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'type' | 'added' | 'removed';
const kinds: Readonly<Record<string, Kind>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  tag: 'keyword',
  'template-tag': 'keyword',
  doctag: 'keyword',
  section: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  code: 'string',
  symbol: 'string',
  number: 'number',
  literal: 'number',
  bullet: 'number',
  'template-variable': 'number',
  comment: 'comment',
  quote: 'comment',
  meta: 'comment',
  prompt: 'comment',
  title: 'name',
  name: 'name',
  attr: 'name',
  attribute: 'name',
  property: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  type: 'type',
  built_in: 'type',
  class: 'type',
  variable: 'type',
  'selector-pseudo': 'type',
  addition: 'added',
  deletion: 'removed',
};

/** A piece of code of one kind; null: nothing in particular. */
export interface Shade {
  readonly kind: Kind | null;
  readonly text: string;
}

const light = createLowlight();

/** What a language is properly called, if we know it. */
export function grammarOf(language: string): string | null {
  const name = Object.hasOwn(others, language) ? (others[language] ?? '') : language;
  return Object.hasOwn(grammars, name) ? name : null;
}

/** Code in pieces by their kind; joined together they are the code. Null for a language that we don't know. */
export async function shade(code: string, language: string): Promise<readonly Shade[] | null> {
  const name = grammarOf(language);
  if (name === null) return null;
  const load = grammars[name];
  if (load && !light.registered(name)) light.register(name, (await load()).default);
  const shades: Shade[] = [];
  collect(light.highlight(name, code).children, null, shades);
  return shades;
}

interface Piece {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: unknown };
  readonly children?: readonly Piece[];
}

function collect(pieces: readonly Piece[], kind: Kind | null, into: Shade[]): void {
  for (const { value, properties, children } of pieces) {
    if (value !== undefined) into.push({ kind, text: value });
    const [first] = Array.isArray(properties?.className) ? properties.className : [];
    if (children) collect(children, kinds[String(first).replace('hljs-', '')] ?? kind, into);
  }
}
