import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isStep, type Step, stepFrom } from './gif-grid.ts';

/** Two tiles, three, one. */
const tiles = [
  { left: 0, top: 0, width: 100 },
  { left: 100, top: 0, width: 60 },
  { left: 0, top: 90, width: 40 },
  { left: 40, top: 90.4, width: 60 },
  { left: 100, top: 90, width: 60 },
  { left: 0, top: 180, width: 160 },
];

describe('UX 44 a grid of GIFs by keyboard', () => {
  const leads = (at: number, ...keys: Step[]) => keys.reduce((from, key) => stepFrom(tiles, from, key), at);

  it('left and right go on over the ends of rows, and stop at both ends', () => {
    assert.equal(leads(1, 'ArrowRight'), 2);
    assert.equal(leads(2, 'ArrowLeft'), 1);
    assert.equal(leads(0, 'ArrowLeft'), 0);
    assert.equal(leads(5, 'ArrowRight'), 5);
    assert.equal(leads(3, 'Home'), 0);
    assert.equal(leads(3, 'End'), 5);
  });

  it('up and down go to what is nearest to straight above or below', () => {
    assert.equal(leads(0, 'ArrowDown'), 3);
    assert.equal(leads(1, 'ArrowDown'), 4);
    assert.equal(leads(1, 'ArrowDown', 'ArrowDown'), 5);
    assert.equal(leads(5, 'ArrowDown'), 5);
    assert.equal(leads(5, 'ArrowUp'), 3);
    assert.equal(leads(4, 'ArrowUp'), 1);
  });

  it('above the first row is the search box', () => {
    assert.equal(leads(1, 'ArrowUp'), -1);
  });

  it('with nothing there, nothing happens', () => {
    assert.equal(stepFrom([], -1, 'ArrowDown'), -1);
    assert.equal(stepFrom(tiles, -1, 'ArrowDown'), 0);
    assert.deepEqual(['ArrowUp', 'Home', 'Enter', 'a'].map(isStep), [true, true, false, false]);
  });
});
