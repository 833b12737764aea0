import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const checklist = readFileSync(new URL('../CHECKLIST.md', import.meta.url), 'utf8');
const root = new URL('../../../', import.meta.url);

test('all fifty items are in the checklist, once each', () => {
  const numbers = [...checklist.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers,
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
});

test('every test that the checklist names is there, under that name', () => {
  let count = 0;
  for (const [, path = '', names = ''] of checklist.matchAll(/`([\w./-]+\.ts)`(?:: ((?:"[^"]+"(?:, )?)+))?/g)) {
    if (path.startsWith('src/')) continue;
    const file = new URL(path, root);
    assert.ok(existsSync(file), path);
    const source = readFileSync(file, 'utf8');
    for (const [, name = ''] of names.matchAll(/"([^"]+)"/g)) {
      assert.ok(
        [`'${name}'`, `\`${name}\``, `\`${name.replaceAll('`', '\\`')}\``].some((literal) => source.includes(literal)),
        `${path} has no test “${name}”`,
      );
      count += 1;
    }
  }
  assert.ok(count > 60, `only ${count} were found`);
});
