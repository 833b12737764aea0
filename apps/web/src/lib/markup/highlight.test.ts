import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grammarOf, shade } from './highlight.ts';

test('code in pieces is the code, with its kinds', async () => {
  const code = 'const 수다 = "a" + 1; // 말\nfunction f() {}';
  const shades = (await shade(code, 'ts')) ?? [];
  assert.equal(shades.map(({ text }) => text).join(''), code);
  for (const kind of ['keyword', 'string', 'number', 'comment', 'name'])
    assert.ok(
      shades.some((one) => one.kind === kind),
      kind,
    );
});

test('markup in code is text like any other', async () => {
  const shades = (await shade('<img src=x onerror="alert(1)">', 'html')) ?? [];
  assert.equal(shades.map(({ text }) => text).join(''), '<img src=x onerror="alert(1)">');
});

test('a language that nobody knows is not guessed', async () => {
  for (const language of ['', 'klingon', 'constructor', '__proto__']) {
    assert.equal(grammarOf(language), null, language);
    assert.equal(await shade('x', language), null);
  }
  assert.equal(grammarOf('py'), 'python');
});
