import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeOf, publicReach, type Reach } from './reach.ts';

const signal = new AbortController().signal;

/** The public world, with a name server of our own. */
function world(names: Record<string, readonly string[]>): Reach & { asked: string[] } {
  const asked: string[] = [];
  const resolve = async (host: string): Promise<readonly string[]> => {
    asked.push(host);
    return names[host] ?? [];
  };
  return { ...publicReach, resolve, asked };
}

const refused = (address: string, reach: Reach = world({})) =>
  assert.rejects(placeOf(new URL(address), reach, signal), { name: 'Unreachable' }, address);

describe('R17.4 where the server may ask', () => {
  it('a host whose every address is public, at exactly these addresses', async () => {
    const reach = world({ 'a.example': ['1.1.1.1', '2606:4700:4700::1111'] });
    const place = await placeOf(new URL('https://a.example./x'), reach, signal);
    assert.deepEqual(place, { host: 'a.example', port: 443, addresses: ['1.1.1.1', '2606:4700:4700::1111'] });
    assert.deepEqual(reach.asked, ['a.example'], 'asked once: no second answer counts');
    assert.deepEqual((await placeOf(new URL('http://[2606:4700:4700::1111]/'), reach, signal)).addresses, ['2606:4700:4700::1111']);
  });

  it('not a host of which one address is not', async () => {
    for (const inner of ['10.0.0.1', '127.0.0.1', '169.254.169.254', '::1', 'fd00::1', '::ffff:10.0.0.1'])
      await refused('https://a.example', world({ 'a.example': ['1.1.1.1', inner] }));
    await refused('https://nowhere.example');
  });

  it('nor an inner address, however it is written', async () => {
    const ways = `127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 0 0.0.0.0 0x0 10.1 0xa.0.0.1 012.0.0.1
      192.168.1 3232235777 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 127.0.0.1. [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
      [fd00::1] [fe80::1] [64:ff9b::7f00:1] [2002:7f00:1::] １２７.0.0.1 127。0。0。1 ①②⑦.0.0.1`;
    for (const host of ways.split(/\s+/)) await refused(`http://${host}/`);
  });

  it('nor a zone, which no URL has', () => {
    for (const host of ['[fe80::1%eth0]', '[fe80::1%25eth0]', '[::1%25lo]']) assert.equal(URL.canParse(`http://${host}/`), false);
  });

  it('nor a name of this machine', async () => {
    const names = { localhost: ['127.0.0.1'], 'a.localhost': ['127.0.0.1', '::1'], metadata: ['169.254.169.254'] };
    for (const host of ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'metadata']) await refused(`http://${host}/`, world(names));
  });

  it('nor another port, scheme, or with a password', async () => {
    const reach = world({ 'a.example': ['1.1.1.1'] });
    const others = [
      'http://a.example:8080',
      'https://a.example:22',
      'http://a.example:6379',
      'ftp://a.example',
      'file:///etc/passwd',
      'gopher://a.example',
    ];
    for (const address of [...others, 'data:text/html,x', 'https://me@a.example', 'https://me:pw@a.example', 'https://:pw@a.example'])
      await refused(address, reach);
    assert.deepEqual(reach.asked, [], 'and nobody was asked for its name');
    assert.equal((await placeOf(new URL('https://a.example:80'), reach, signal)).port, 80);
  });
});
