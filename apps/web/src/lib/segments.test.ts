import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressAt } from './segments.ts';

/** What becomes a link, reading from left to right. */
function links(text: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < text.length; ) {
    const address = addressAt(text, i);
    if (address && address.href !== null) found.push(address.text);
    i += address?.text.length ?? 1;
  }
  return found;
}

test('only http and https become links', () => {
  assert.deepEqual(links('javascript:alert(1) data:text/html,x ftp://a.b file:///etc mailto:a@b'), []);
  assert.deepEqual(links('HTTP://A.b https://c.d'), ['HTTP://A.b', 'https://c.d']);
});

test('what is a link is an address that parses', () => {
  assert.deepEqual(links('https:// http://[ https://%'), []);
  assert.equal(addressAt('see https://a.b/<script>', 4)?.href, 'https://a.b/');
});

test('punctuation stays with the sentence, balanced brackets with the address', () => {
  assert.deepEqual(links('(https://a.b/c), https://a.b/d. https://a.b/e?!'), ['https://a.b/c', 'https://a.b/d', 'https://a.b/e']);
  assert.deepEqual(links('https://en.wikipedia.org/wiki/Chat_(disambiguation)'), ['https://en.wikipedia.org/wiki/Chat_(disambiguation)']);
});

test('Korean particles stay outside the host, Hangul paths and hosts inside', () => {
  assert.deepEqual(links('https://suda.chat에서 만나요'), ['https://suda.chat']);
  assert.deepEqual(links('https://suda.chat에서, https://suda.chat:80은.'), ['https://suda.chat', 'https://suda.chat:80']);
  assert.deepEqual(links('http://localhost:8005에'), ['http://localhost:8005']);
  assert.deepEqual(links('https://ko.wikipedia.org/wiki/수다'), ['https://ko.wikipedia.org/wiki/수다']);
  assert.deepEqual(links('https://한글.한국/수다'), ['https://한글.한국/수다']);
});

test('a long hostile text is quick', () => {
  for (const text of [
    `https://${'a.'.repeat(9000)}${')'.repeat(9000)}`,
    'http://'.repeat(3000),
    `https://${'a'.repeat(20_000)}`,
    `https://${'가'.repeat(20_000)},`,
  ]) {
    const begin = performance.now();
    links(text);
    const took = performance.now() - begin;
    assert.ok(took < 1_000, `${took} ms for ${text.slice(0, 20)}…`);
  }
});
