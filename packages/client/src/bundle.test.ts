import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';

const BUDGET = 15 * 1024;

test('the whole SDK is at most 15 KB gzipped, and carries no schema library', async (t) => {
  const { output } = await build({
    input: fileURLToPath(new URL('./index.ts', import.meta.url)),
    platform: 'browser',
    write: false,
    output: { minify: true },
  });
  const code = output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  const size = gzipSync(code, { level: 9 }).length;
  t.diagnostic(`${size} bytes gzipped`);
  assert.ok(size > 1_000, 'there is something in it');
  assert.ok(size <= BUDGET, `${size} bytes`);
  assert.doesNotMatch(code, /ZodType|_zod/);
});
