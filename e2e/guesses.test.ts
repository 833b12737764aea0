import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Refusal } from './wire/refusal.ts';
import { type Person, Stage } from './wire/stage.ts';

/** What a try says; and what its refusal says beside the code. */
const attempt = async (person: Person, room: string, password: string): Promise<{ code: string; retryAfter: number }> => {
  try {
    await person.ask('room.join', { room, password });
    return { code: 'joined', retryAfter: 0 };
  } catch (error) {
    const { code, wire } = error as Refusal;
    return { code, retryAfter: Number(wire.retryAfter ?? 0) };
  }
};

/** Wrong passwords until one is not even tried. @returns how many were, and the refusal */
const guessAll = async (person: Person, room: string, most = 30): Promise<{ tried: number; retryAfter: number }> => {
  for (let tried = 0; tried < most; tried++) {
    const { code, retryAfter } = await attempt(person, room, `wrong ${tried}`);
    if (code === 'rate_limited') return { tried, retryAfter };
    assert.equal(code, 'wrong_password');
  }
  return { tried: most, retryAfter: 0 };
};

/** What comes back to the bucket while a slow machine hashes: a try in 5 s. */
const isAbout = (tried: number, expected: number): void => assert.ok(tried >= expected && tried <= expected + 4, `${tried} tries`);

describe('room passwords', () => {
  it('R3.7 are guessed about ten times, by all guests of one address together', async (context) => {
    const stage = await Stage.open(context, { rate: 50, trustProxy: [] });
    const { room, people } = await stage.room(['Owner'], { password: 'sesame' });
    const [mina, jihoon] = [await stage.person('Mina'), await stage.person('Jihoon')];
    const { tried, retryAfter } = await guessAll(mina, room);
    isAbout(tried, 10);
    assert.ok(retryAfter > 0 && retryAfter <= 5_000, `${retryAfter} ms`);
    // Another guest of the same address gets no tries of their own, by no transport.
    assert.ok((await guessAll(jihoon, room)).tried <= 1);
    const socket = await jihoon.socket();
    await Promise.allSettled(Array.from({ length: 3 }, () => socket.ask('room.join', { room, password: 'wrong' })));
    await assert.rejects(socket.ask('room.join', { room, password: 'wrong' }), { code: 'rate_limited' });
    await socket.close();
    // Another room is counted apart, and so is all the rest.
    const { id: other } = await people[0].ask('room.create', { name: 'Other', kind: 'public', password: 'other' });
    assert.equal((await attempt(mina, other, 'other')).code, 'joined');
    await mina.say(other, 'still served');
  });

  it('R3.7 a right password gives its try back', async (context) => {
    const stage = await Stage.open(context, { rate: 50 });
    const { room } = await stage.room(['Owner'], { password: 'sesame' });
    const mina = await stage.person('Mina');
    for (let i = 0; i < 25; i++) {
      assert.equal((await attempt(mina, room, 'sesame')).code, 'joined');
      await mina.ask('room.leave', { room });
    }
    // And not more than that.
    isAbout((await guessAll(mina, room)).tried, 10);
  });

  it('R3.7 with no rate there is no limit', async (context) => {
    const stage = await Stage.open(context, { rate: 0 });
    const { room } = await stage.room(['Owner'], { password: 'sesame' });
    const mina = await stage.person('Mina');
    assert.equal((await guessAll(mina, room)).tried, 30);
    assert.equal((await attempt(mina, room, 'sesame')).code, 'joined');
  });
});
