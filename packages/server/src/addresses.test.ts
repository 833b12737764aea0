import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { Addresses } from './addresses.ts';

const request = (remoteAddress: string, forwarded?: string, proto?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: {
      ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      ...(proto === undefined ? {} : { 'x-forwarded-proto': proto }),
    },
  }) as unknown as IncomingMessage;

describe('addresses', () => {
  const cases: readonly (readonly [trusted: string[], remote: string, forwarded: string | undefined, address: string])[] = [
    [[], '203.0.113.7', undefined, '203.0.113.7'],
    [[], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    [[], '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    [['loopback'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['loopback'], '::1', '198.51.100.1', '198.51.100.1'],
    [['loopback'], '::ffff:127.0.0.1', '2001:db8::1', '2001:db8::1'],
    [['loopback'], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    // The last one was written by our proxy; what stands before it, by anyone.
    [['loopback'], '127.0.0.1', '10.1.1.1, 198.51.100.1', '198.51.100.1'],
    [['loopback', '10.0.0.0/8'], '127.0.0.1', '192.0.2.9, 198.51.100.1, 10.1.1.1', '198.51.100.1'],
    [['10.0.0.0/8'], '10.1.1.1', '10.2.2.2,10.3.3.3', '10.2.2.2'],
    [['2001:db8::/32'], '2001:db8::5', '198.51.100.1', '198.51.100.1'],
    [['loopback'], '127.0.0.1', '', '127.0.0.1'],
    [['loopback'], '127.0.0.1', 'unknown', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '198.51.100.1, garbage', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '<script>', '127.0.0.1'],
  ];
  for (const [trusted, remote, forwarded, address] of cases)
    it(`R3.7 from ${remote}, forwarded for "${forwarded ?? ''}", trusting ${trusted.join() || 'nobody'}: ${address}`, () => {
      assert.equal(new Addresses(trusted).of(request(remote, forwarded)), address);
    });

  it('R2.1 only a trusted proxy says that the client’s connection is encrypted', () => {
    const of = (remote: string, proto?: string): boolean => new Addresses(['loopback']).isSecure(request(remote, undefined, proto));
    assert.deepEqual([of('127.0.0.1', 'https'), of('127.0.0.1', 'http, https'), of('127.0.0.1', 'https, http')], [true, true, false]);
    assert.deepEqual([of('127.0.0.1'), of('203.0.113.7', 'https')], [false, false]);
    assert.equal(
      new Addresses([]).isSecure({ socket: { encrypted: true }, headers: {} } as unknown as IncomingMessage),
      true,
      'https itself',
    );
  });

  for (const wrong of ['', 'x', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', '::1/129', '10.0.0', '10.0.0.0/', '10.0.0.0/8/8'])
    it(`P8 "${wrong}" is no proxy`, () => assert.throws(() => new Addresses([wrong]), /neither an IP address nor a CIDR range/));
});
