import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserId } from '@suda/protocol';
import { Tokens } from './tokens.ts';

const mina = 'umina' as UserId;

describe('tokens', () => {
  const tokens = new Tokens('a secret of sixteen', () => 1_700_000_000_000);

  it('R2.2 a token is its user’s, on any node that has the secret', () => {
    const token = tokens.issue(mina);
    assert.equal(tokens.verify(token), mina);
    assert.equal(new Tokens('a secret of sixteen', () => 0).verify(token), mina);
    assert.match(token, /^[\w.-]+$/, 'fits a cookie and a header as it is');
  });

  it('R2.3 a token whose least part was changed is nobody’s', () => {
    const token = tokens.issue(mina);
    for (let i = 0; i < token.length - 1; i++) {
      const other = token[i] === 'a' ? 'b' : 'a';
      assert.equal(tokens.verify(token.slice(0, i) + other + token.slice(i + 1)), undefined, `at ${i}`);
    }
    for (const wrong of ['', '.', '..', 'umina', 'umina.', `${token} `, `${token}x`, token.slice(1), 'x'.repeat(600), '\ud800.x'])
      assert.equal(tokens.verify(wrong), undefined, wrong.slice(0, 40));
    assert.equal(new Tokens('another secret, longer', () => 0).verify(token), undefined);
  });

  it('R2.3 a token that was valid a moment ago is nobody’s from its end on', () => {
    let now = 1_700_000_000_000;
    const passing = new Tokens('a secret of sixteen', () => now);
    const token = passing.issue(mina, 60);
    assert.equal(passing.verify(token), mina);
    now += 59_999;
    assert.equal(passing.verify(token), mina);
    now += 1;
    assert.equal(passing.verify(token), undefined);
  });
});
