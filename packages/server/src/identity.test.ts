import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { Origins, tokenOf } from './identity.ts';

const request = (headers: Record<string, string>): IncomingMessage => ({ headers }) as unknown as IncomingMessage;

describe('identity', () => {
  const tokens: readonly (readonly [Record<string, string>, string | undefined])[] = [
    [{}, undefined],
    [{ authorization: 'Bearer a.b.c' }, 'a.b.c'],
    [{ authorization: 'bearer a.b.c' }, 'a.b.c'],
    [{ authorization: 'Bearer a b' }, undefined],
    [{ authorization: 'Basic a' }, undefined],
    [{ cookie: 'suda=a.b.c' }, 'a.b.c'],
    [{ cookie: 'x=1; suda=a.b.c ;y=2' }, 'a.b.c'],
    [{ cookie: 'xsuda=a; suda2=b' }, undefined],
    [{ cookie: 'suda=' }, undefined],
    [{ cookie: 'suda=c', authorization: 'Bearer h' }, 'h'],
  ];
  for (const [headers, token] of tokens)
    it(`R2.2 ${JSON.stringify(headers)} carries ${token ?? 'nothing'}`, () => assert.equal(tokenOf(request(headers)), token));

  const origins = new Origins(['https://Chat.example.org/', 'http://localhost:3000']);
  const cases: readonly (readonly [origin: string | undefined, host: string, ok: boolean])[] = [
    [undefined, 'suda.example.org', true],
    ['https://suda.example.org', 'suda.example.org', true],
    ['http://suda.example.org:8005', 'suda.example.org:8005', true],
    ['http://SUDA.example.org', 'suda.EXAMPLE.org', true],
    ['http://[::1]:8005', '[::1]:8005', true],
    ['https://chat.example.org', 'suda.example.org', true],
    ['http://localhost:3000', 'suda.example.org', true],
    ['http://chat.example.org', 'suda.example.org', false],
    ['http://localhost:3001', 'suda.example.org', false],
    ['https://suda.example.org.evil.example', 'suda.example.org', false],
    ['https://evil.example', 'suda.example.org', false],
    ['http://suda.example.org:81', 'suda.example.org', false],
    ['null', 'suda.example.org', false],
    ['', 'suda.example.org', false],
    ['https://evil.example/suda.example.org', 'suda.example.org', false],
    ['https://suda.example.org@evil.example', 'suda.example.org', false],
  ];
  for (const [origin, host, ok] of cases)
    it(`R2.4 a page of ${JSON.stringify(origin)} ${ok ? 'may' : 'may not'} use ${host}`, () => {
      const check = (): void => origins.check(request({ host, ...(origin === undefined ? {} : { origin }) }));
      if (ok) check();
      else assert.throws(check, { code: 'origin_refused' });
    });
});
