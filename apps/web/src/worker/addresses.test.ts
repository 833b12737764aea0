import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, versionOf } from './addresses.ts';

test('49 the service worker keeps the page and its parts, and nothing that the server says', () => {
  for (const path of ['', 'index.html', 'r/lobby', 'r/d_ann_bob/', 'r/lobby/17', 'i/iabcdefghjkmnpqr'])
    assert.equal(kindOf(path), 'page', path);
  for (const path of ['assets/index-BNLLKc16.js', 'assets/hangul-a-Cx_1.woff2']) assert.equal(kindOf(path), 'part', path);
  for (const path of ['favicon.svg', 'icon-512.png', 'manifest.webmanifest', 'early.js']) assert.equal(kindOf(path), 'fitting', path);
  const others = [
    'v1/rooms',
    'v1/files/f123',
    'v1/ws',
    'socket.io/',
    'lab',
    'docs',
    'healthz',
    'no/such/page',
    'r/',
    'worker.js',
    'assets/../v1/x',
  ];
  for (const path of others) assert.equal(kindOf(path), 'other', path);
});

test('49 another build is another version', () => {
  const one = versionOf(['assets/a-1.js', 'assets/b-1.js']);
  assert.equal(versionOf(['assets/a-1.js', 'assets/b-1.js']), one);
  assert.notEqual(versionOf(['assets/a-2.js', 'assets/b-1.js']), one);
  assert.match(one, /^[a-z0-9]+$/);
});
