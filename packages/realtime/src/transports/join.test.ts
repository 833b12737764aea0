import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { join } from './join.ts';

const [a, b, c] = ['one', 'two', 'three'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

describe('joining what is written', () => {
  it('a single chunk is itself; several are one after the other', () => {
    assert.equal(join([a]), a);
    assert.equal(join([a, b, c]).toString(), 'onetwothree');
    assert.equal(join([]).byteLength, 0);
  });

  it('P6 for many connections the same chunks are the same bytes, not a copy for each', () => {
    assert.equal(join([a, b]), join([a, b]));
    assert.notEqual(join([b, a]), join([a, b]));
    assert.equal(join([a, b, c]).toString(), 'onetwothree');
    assert.equal(join([a, b]).toString(), 'onetwo');
  });

  it('a list that was changed afterwards changes nothing', () => {
    const list = [a, b];
    assert.equal(join(list).toString(), 'onetwo');
    list[1] = c;
    assert.equal(join([a, c]).toString(), 'onethree');
    assert.equal(join([a, b]).toString(), 'onetwo');
  });
});
