import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scryptPasswords } from './passwords.ts';

describe('passwords', () => {
  it('R3.6 are kept as hashes that differ each time, and that only the password opens', async () => {
    const [one, two] = [await scryptPasswords.hash('열려라 참깨'), await scryptPasswords.hash('열려라 참깨')];
    assert.notEqual(one, two);
    assert.ok(!one.includes('참깨'));
    assert.equal(await scryptPasswords.verify('열려라 참깨', one), true);
    assert.equal(await scryptPasswords.verify('열려라 참깨'.normalize('NFD'), one), true, 'the same to eyes, the same to us');
    for (const wrong of ['', '열려라 참께', ' 열려라 참깨']) assert.equal(await scryptPasswords.verify(wrong, one), false);
    for (const broken of ['', 'wrong', 'scrypt$', 'md5$a$b']) assert.equal(await scryptPasswords.verify('x', broken), false);
  });
});
