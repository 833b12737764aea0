import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestOf } from './manifest.ts';

const built = { name: '수다', start_url: './', icons: [{ src: 'icon-192.png' }] };

test('49 the installed application is called after the place, whatever its name holds', () => {
  for (const name of ['우리집', 'A "house" </script>']) {
    const manifest = JSON.parse(manifestOf(built, name, 'ko-KR,ko;q=0.9'));
    assert.deepEqual([manifest.name, manifest.short_name, manifest.start_url, manifest.icons], [name, name, './', built.icons]);
  }
});

test('49 48 while it has no name, in the visitor’s language', () => {
  assert.equal(JSON.parse(manifestOf(built, null, 'ko')).name, '수다');
  assert.equal(JSON.parse(manifestOf(built, null, 'ko-KR,en;q=0.5')).shortcuts[0].name, '로비');
  for (const languages of ['', 'en-US', 'kok-IN,en']) assert.equal(JSON.parse(manifestOf(built, null, languages)).name, 'Suda', languages);
});
