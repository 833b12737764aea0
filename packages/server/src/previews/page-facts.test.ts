import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePage } from './charset.ts';
import { pageFacts } from './page-facts.ts';
import { plainText } from './plain-text.ts';
import { shownHost } from './shown-host.ts';

const base = new URL('https://a.example/dir/page');
const facts = (html: string) => pageFacts(html, base);

/** In EUC-KR, as an old Korean page would be: 안녕. */
const EUC_KR = Buffer.from('be c8 b3 e7'.replaceAll(' ', ''), 'hex');

describe('R17.2 what a page says of itself', () => {
  it('the best of Open Graph, Twitter and plain HTML', () => {
    assert.deepEqual(facts('<title>plain</title>'), { title: 'plain' });
    assert.deepEqual(facts('<meta name="twitter:title" content="t"><title>plain</title>')?.title, 't');
    assert.deepEqual(facts('<meta property="og:title" content="  "><title>plain</title>')?.title, 'plain', 'an empty one says nothing');
    assert.deepEqual(facts('<META NAME=Description CONTENT=d><TITLE>p</TITLE>'), { title: 'p', description: 'd' });
    assert.equal(facts('<link rel="image_src" href="../x.png"><title>p</title>')?.picture?.href, 'https://a.example/x.png');
    assert.equal(facts('<meta property="og:image" content="https://[bad"><title>p</title>')?.picture, undefined);
    assert.equal(facts('<meta property="og:description" content="p"><title>p</title>')?.description, undefined, 'not twice the same');
  });

  it('only of its head, and nothing that is no title', () => {
    assert.equal(facts('<body><svg><title>icon</title></svg>'), null);
    assert.equal(facts('<title>a</title><body><meta property="og:title" content="said by a reader">')?.title, 'a');
    assert.equal(facts('<script>"<title>x</title>"</script><style>title{}</style>'), null);
    assert.equal(facts('<!-- <title>x</title> -->'), null);
    assert.equal(facts(''), null);
  });

  it('P8 however broken', () => {
    for (const html of [
      '<',
      '<<<<',
      '<title',
      '<title>',
      '<meta property=',
      '<meta property="og:title',
      `<title>${'<b>'.repeat(9_999)}`,
      '\0<title>\0',
      '&#x110000;<title>&#xd800;',
    ]) {
      assert.doesNotThrow(() => facts(html), html.slice(0, 30));
    }
    assert.equal(facts('<title>not closed')?.title, 'not closed');
    const begun = performance.now();
    facts(`${'<div '.repeat(60_000)}${'&amp'.repeat(60_000)}`);
    assert.ok(performance.now() - begun < 2_000);
  });

  it('cut to a line of bounded length, without what turns or hides writing', () => {
    assert.equal(plainText('  a\n\t b\u0000c\u0085d ', 99), 'a b c d');
    assert.equal(plainText('\u202egnp.exe\u2066x\u200b\ufeff\u00ad', 99), 'gnp.exex');
    assert.equal(plainText('👩‍👩‍👧 가\u0301', 99), '👩‍👩‍👧 가\u0301');
    assert.equal(plainText(`e${'\u0301'.repeat(500)}!`, 99).length < 10, true, 'no towers of accents');
    assert.equal(plainText('\ud800x', 99), '\ufffdx');
    assert.equal(plainText('\u3164\u115f', 99), '');
    assert.equal(plainText('가'.repeat(200), 10), `${'가'.repeat(9)}…`);
    assert.equal(Array.from(plainText('😀'.repeat(200), 10)).length, 10);
    const long = facts(`<title>${'t'.repeat(100_000)}</title><meta name="description" content="${'d '.repeat(50_000)}">`);
    assert.deepEqual([long?.title.length, (long?.description?.length ?? 0) <= 240], [120, true]);
  });
});

describe('R17.2 the encoding of a page', () => {
  const page = (meta: string, text: Buffer) => Buffer.concat([Buffer.from(`<head>${meta}<title>`), text]);
  const title = (bytes: Buffer, type = 'text/html') => decodePage(bytes, type).split('<title>')[1];

  it('EUC-KR: by its header, by its own word, and without either', () => {
    assert.equal(title(page('', EUC_KR), 'text/html; charset=EUC-KR'), '안녕');
    assert.equal(title(page('<meta charset="euc-kr">', EUC_KR)), '안녕');
    assert.equal(title(page('<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">', EUC_KR)), '안녕');
    assert.equal(title(page('', EUC_KR)), '안녕');
  });

  it('a wrong word is not believed when the bytes say otherwise', () => {
    assert.equal(title(page('<meta charset=euc-kr>', EUC_KR), 'text/html; charset=utf-8'), '안녕');
    assert.equal(title(page('<meta charset=utf-8>', EUC_KR)), '안녕');
    assert.equal(title(page('<meta charset=nonsense>', Buffer.from('안녕'))), '안녕');
    assert.equal(title(page('<meta charset=utf-16>', Buffer.from('안녕'))), '안녕');
  });

  it('UTF-8 cut in the middle of a letter, UTF-16 with its mark, and bytes that are nothing', () => {
    assert.equal(title(page('', Buffer.from('안녕').subarray(0, 5))), '안');
    assert.equal(title(Buffer.from('\ufeff<title>안녕', 'utf16le')), '안녕');
    assert.equal(typeof decodePage(Buffer.from([0xff, 0xff, 0x80, 0x81]), 'text/html'), 'string');
  });
});

describe('R17.2 the host is shown as what it is', () => {
  const cases: Record<string, string> = {
    'https://www.a.example/x': 'a.example',
    'https://www.kr/': 'www.kr',
    'https://A.example:8443/': 'a.example:8443',
    'https://한국.com/': '한국.com',
    'https://sk하이닉스.com/': 'sk하이닉스.com',
    'https://例え.jp/': '例え.jp',
    'https://аpple.com/': 'xn--pple-43d.com',
    'https://аррӏе.com/': 'xn--80ak6aa92e.com',
    'https://gοοgle.com/': 'xn--ggle-0nda.com',
    'https://bücher.example/': 'xn--bcher-kva.example',
    'https://bank.comノlogin.example/': new URL('https://bank.comノlogin.example/').hostname,
    'https://[2606:4700:4700::1111]/': '[2606:4700:4700::1111]',
  };
  for (const [url, host] of Object.entries(cases)) it(url, () => assert.equal(shownHost(new URL(url)), host));
});
