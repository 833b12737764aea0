import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { commands, describeWire, events, WIRE_HASH } from './index.ts';

/** JSON with every object's keys in order, so that the same wire always gives the same text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, of]) => of !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`)
    .join(',')}}`;
}

describe('the wire', () => {
  it('R12 is what it was when its hash was pinned: see version.ts before pinning another', () => {
    assert.equal(WIRE_HASH, createHash('sha256').update(canonical(describeWire())).digest('hex'));
  });

  it('R8.1 every schema can be written as JSON Schema', () => {
    for (const [name, { input, output }] of Object.entries(commands)) {
      assert.doesNotThrow(() => z.toJSONSchema(input, { io: 'input' }), `${name} input`);
      assert.doesNotThrow(() => z.toJSONSchema(output, { io: 'output' }), `${name} output`);
    }
    for (const [name, schema] of Object.entries(events)) assert.doesNotThrow(() => z.toJSONSchema(schema, { io: 'output' }), name);
  });

  it('R12 runs without Node: nothing but the schema library is imported', () => {
    const folder = new URL('.', import.meta.url);
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    assert.ok(sources.length > 10);
    for (const name of sources) {
      const text = readFileSync(new URL(name, folder), 'utf8');
      for (const [, from = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
        assert.ok(from === 'zod' || from.startsWith('./'), `${name} imports ${from}`);
      }
      assert.doesNotMatch(text, /\b(process\.|Buffer\.|require\(|setTimeout|globalThis|window\.)/, name);
    }
  });
});
