import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Invitation } from '@suda/protocol';
import { encodeQR } from 'qr';
import decodeQR from 'qr/decode.js';
import { bases, DAY, handy, squares } from './invitations.ts';

const now = 1_000_000;
const made = (code: string, more: Partial<Invitation> = {}) =>
  ({ code, by: { id: 'ann', name: 'Ann' }, createdAt: 0, expiresAt: now + 3 * DAY * 1000, uses: null, used: 0, ...more }) as Invitation;

test('50 an invitation is handed on again: one’s own, for anyone, and not about to end', () => {
  const list = [
    made('old'),
    made('good'),
    made('few', { uses: 1 }),
    made('late', { expiresAt: now + 1 }),
    made('ever', { expiresAt: null }),
    made('hers', { by: { id: 'eve', name: 'Eve' } as Invitation['by'] }),
  ];
  assert.equal(handy(list, 'ann', now)?.code, 'good');
  assert.equal(handy(list, 'bob', now), undefined);
});

test('50 the link leads to where a phone finds the server, and says so when it can’t', () => {
  assert.deepEqual(bases('https://chat.example/chat', undefined), { urls: ['https://chat.example/chat'], reachable: true });
  assert.deepEqual(bases('http://localhost:8005', ['http://192.168.0.23:8005']), { urls: ['http://192.168.0.23:8005'], reachable: true });
  assert.deepEqual(bases('http://[::1]:8005/chat', ['http://10.0.0.2:8005']).urls, ['http://10.0.0.2:8005/chat']);
  for (const addresses of [undefined, []])
    assert.deepEqual(bases('http://127.0.0.1:8005', addresses), { urls: ['http://127.0.0.1:8005'], reachable: false });
});

test('50 what is drawn is the code, and a reader reads the link from it', () => {
  const link = 'http://192.168.0.23:8005/i/iabcdefghjkmnpqr';
  const rows = encodeQR(link, 'raw', { ecc: 'medium', border: 4 });
  const size = rows.length;
  const scale = 4;
  const drawn = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x = '', y = '', width = ''] of squares(rows).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  assert.deepEqual(drawn, rows);
  const data = new Uint8Array(size * scale * size * scale * 4);
  for (let i = 0; i < size * scale * size * scale; i += 1) {
    const dark = drawn[Math.floor(i / (size * scale) / scale)]?.[Math.floor((i % (size * scale)) / scale)];
    data.set([dark ? 0 : 255, dark ? 0 : 255, dark ? 0 : 255, 255], i * 4);
  }
  assert.equal(decodeQR({ width: size * scale, height: size * scale, data }), link);
});
