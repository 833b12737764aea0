import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segments } from './segments.ts';

const links = (text: string) => segments(text).flatMap((s) => (s.type === 'link' ? [s.text] : []));

test('the pieces joined are the text', () => {
  for (const text of ['', 'a', 'http://a.b c https://d.e/f?g#h.', 'https://', '<b>https://a.b</b>', '보세요(https://a.b/c)요']) {
    assert.equal(
      segments(text)
        .map((s) => s.text)
        .join(''),
      text,
    );
  }
});

test('only http and https become links', () => {
  assert.deepEqual(links('javascript:alert(1) data:text/html,x ftp://a.b file:///etc mailto:a@b'), []);
  assert.deepEqual(links('HTTP://A.b https://c.d'), ['HTTP://A.b', 'https://c.d']);
});

test('what is a link is an address that parses', () => {
  assert.deepEqual(links('https:// http://[ https://%'), []);
  for (const s of segments('see https://a.b/<script>')) if (s.type === 'link') assert.equal(s.href, 'https://a.b/');
});

test('punctuation stays with the sentence, balanced brackets with the address', () => {
  assert.deepEqual(links('(https://a.b/c), https://a.b/d. https://a.b/e?!'), ['https://a.b/c', 'https://a.b/d', 'https://a.b/e']);
  assert.deepEqual(links('https://en.wikipedia.org/wiki/Chat_(disambiguation)'), ['https://en.wikipedia.org/wiki/Chat_(disambiguation)']);
});

test('Korean particles stay outside the host, Hangul paths and hosts inside', () => {
  assert.deepEqual(links('https://suda.chat에서 만나요'), ['https://suda.chat']);
  assert.deepEqual(links('http://localhost:8005에'), ['http://localhost:8005']);
  assert.deepEqual(links('https://ko.wikipedia.org/wiki/수다'), ['https://ko.wikipedia.org/wiki/수다']);
  assert.deepEqual(links('https://한글.한국/수다'), ['https://한글.한국/수다']);
});

test('a long hostile text is quick', () => {
  const begin = performance.now();
  segments(`https://${'a.'.repeat(2000)}${')'.repeat(2000)}`);
  segments('http://'.repeat(600));
  assert.ok(performance.now() - begin < 500);
});
