import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPublicAddress } from './public-address.ts';

const open = `1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.0 192.167.255.255 192.169.0.0 169.253.255.255
  169.255.0.0 11.0.0.0 126.255.255.255 128.0.0.0 223.255.255.255 198.17.255.255 198.20.0.0 203.0.112.255 2606:4700:4700::1111
  2001:4860:4860::8888 2a00:1450:4001:81b::200e 2404:6800:4004:80b::200e`;

/** By what they are: IANA's registries of special-purpose addresses, and what people try. */
const closed = {
  'this host': '0.0.0.0 0.1.2.3 0.255.255.255 ::',
  loopback: '127.0.0.1 127.1.2.3 127.255.255.255 ::1 0:0:0:0:0:0:0:1',
  private: '10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255',
  'link-local, with the clouds’ metadata': '169.254.0.1 169.254.169.254 169.254.170.2 fe80::1 febf::1 fe80::a9fe:a9fe',
  'carriers’ NAT': '100.64.0.0 100.127.255.255 100.100.100.200',
  'unique local': 'fc00::1 fd00::1 fd00:ec2::254 fdff:ffff::1',
  'site-local, of old': 'fec0::1 feff::1',
  multicast: '224.0.0.1 239.255.255.250 ff02::1 ff0e::1',
  'broadcast and reserved': '255.255.255.255 240.0.0.1 254.1.1.1',
  'for protocols': '192.0.0.1 192.0.0.8 192.0.0.170',
  benchmarks: '198.18.0.1 198.19.255.255 2001:2::1',
  documentation: '192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1',
  'mapped IPv4': '::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1',
  'compatible IPv4': '::127.0.0.1 ::7f00:1 ::8.8.8.8',
  NAT64: '64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::a00:1',
  '6to4 and its relays': '2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 192.88.99.1',
  Teredo: '2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2',
  'ORCHID and others of 2001::/23': '2001:10::1 2001:20::1',
  discard: '100::1',
  'segment routing and what nobody has': '5f00::1 4000::1 8000::1 c000::1',
  zones: 'fe80::1%eth0 fe80::1%1 2606:4700:4700::1111%eth0',
  'no address as a resolver writes it': '127.1 2130706433 0x7f000001 0177.0.0.1 017700000001 localhost example.com [::1] 1.1.1.1:80 1.1.1',
};

describe('R17.4 which addresses are public', () => {
  it('the internet’s', () => {
    for (const address of open.split(/\s+/)) assert.equal(isPublicAddress(address), true, address);
  });

  for (const [what, addresses] of Object.entries(closed)) {
    it(`not: ${what}`, () => {
      for (const address of addresses.split(' ')) assert.equal(isPublicAddress(address), false, address);
    });
  }
  it('not: nothing', () => {
    for (const text of ['', ' ', '1.1.1.1 ', '\n1.1.1.1']) assert.equal(isPublicAddress(text), false, JSON.stringify(text));
  });
});
