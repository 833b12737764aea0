import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import type { Change, Outcome, RoomCommand } from '@suda/chat';
import { type RoomId, SudaError, type UserId } from '@suda/protocol';
import type { Word } from '../others.ts';
import { Hub } from './hub.ts';
import { Line } from './line.ts';
import { Link } from './link.ts';
import type { Down, Up } from './messages.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
const [room, mina] = ['r1' as RoomId, 'mina' as UserId];
const command: RoomCommand = { type: 'room.leave', actor: mina, room };
const gone: Change = { type: 'member.dropped', room, user: mina, before: 'member' };

/** A store that answers when the test says so, in the order in which it was asked. */
class SlowStore {
  readonly #waiting: { readonly resolve: (outcome: Outcome) => void; readonly reject: (error: Error) => void }[] = [];

  execute(): Promise<Outcome> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  answer(outcome: Outcome | Error): Promise<void> {
    const first = this.#waiting.shift();
    if (outcome instanceof Error) first?.reject(outcome);
    else first?.resolve(outcome);
    return settled();
  }
}

function open(...names: string[]) {
  const store = new SlowStore();
  const hub = new Hub(store);
  const heard: string[] = [];
  const links = names.map((name) => {
    const [there, here] = duplexPair();
    const line = new Line<Up, Down>(
      there,
      (message) => take(message),
      () => {},
    );
    const take = hub.join(name, line);
    const link = new Link(name, here, () => {});
    link.subscribe((changes) => heard.push(`${name} hears ${changes.map(({ type }) => type).join()}`));
    link.hear((word) => heard.push(`${name} hears ${word.type}${'user' in word ? ` ${word.user}` : ''}`));
    link.attend();
    return link;
  });
  return { store, hub, heard, links: links as [Link, Link] };
}

describe('the hub between the workers', () => {
  it('P3 P7 everyone hears a commit once, in the order of the commits, before who asked for it is answered', async () => {
    const { store, heard, links } = open('1', '2');
    const [one, two] = links;
    void one.execute(command, 0).then(() => heard.push('1 is answered'));
    void two.execute(command, 0).then(() => heard.push('2 is answered'));
    await settled();
    await store.answer({ status: 'done', changes: [gone] });
    assert.deepEqual(heard.splice(0).sort(), ['1 hears member.dropped', '1 is answered', '2 hears member.dropped']);
    await store.answer({ status: 'done', changes: [gone, gone] });
    assert.deepEqual(
      heard.filter((line) => line.startsWith('2')),
      ['2 hears member.dropped,member.dropped', '2 is answered'],
    );
    // Told by the primary, not by themselves too.
    one.publish();
    assert.equal(heard.length, 3);
  });

  it('P8 what changed nothing is told to who asked alone, and so is a failure', async () => {
    const { store, heard, links } = open('1', '2');
    const refused = links[0].execute(command, 0);
    const failed = links[0].execute(command, 0);
    await settled();
    await store.answer({ status: 'refused', code: 'not_member' });
    assert.deepEqual(await refused, { status: 'refused', code: 'not_member' });
    void store.answer(new SudaError('storage_full'));
    await assert.rejects(failed, { code: 'storage_full' });
    assert.deepEqual(heard, []);
  });

  it('P7 what a reader may have seen and the worker was not told yet is waited for', async () => {
    const { store, heard, links } = open('1', '2');
    const [one, two] = links;
    void one.execute(command, 0);
    await settled();
    // It may be committed by now, and seen by the other's reader; its outcome is still under way.
    void two.caughtUp(room, 7).then(() => heard.push('2 has caught up'));
    await settled();
    assert.equal(heard.length, 0);
    // What is asked later is not waited for.
    void one.execute(command, 0);
    await store.answer({ status: 'done', changes: [gone] });
    assert.deepEqual(
      heard.filter((line) => line.startsWith('2')),
      ['2 hears member.dropped', '2 has caught up'],
    );
    await two.caughtUp(room, 7);
    await two.caughtUp(room, 6);
  });

  it('what one tells, the others hear; who comes later learns who is there, and who dies has departed', async () => {
    const { hub, heard, links } = open('1', '2');
    const arrived: Word = { type: 'arrived', user: mina };
    links[0].tell(arrived);
    await settled();
    assert.deepEqual(heard.splice(0), ['2 hears arrived mina']);
    const [there, here] = duplexPair();
    hub.join(
      '3',
      new Line<Up, Down>(
        there,
        () => {},
        () => {},
      ),
    );
    const third = new Link('3', here, () => {});
    await settled();
    third.hear((word) => heard.push(`3 hears ${JSON.stringify(word)}`));
    third.attend();
    assert.deepEqual(heard.splice(0), [`3 hears ${JSON.stringify(arrived)}`]);
    hub.leave('1');
    hub.leave('1');
    await settled();
    assert.deepEqual(heard, ['2 hears departed mina', '3 hears {"type":"departed","user":"mina"}']);
  });

  it('one of them leads: the one that is there longest', async () => {
    const { hub, links } = open('1', '2');
    await settled();
    const led: string[] = [];
    for (const link of links) link.whenLeading(() => led.push(link.name));
    assert.deepEqual([led, links.map(({ leads }) => leads)], [['1'], [true, false]]);
    hub.leave('1');
    await settled();
    assert.deepEqual(led, ['1', '2']);
  });

  it('a name is one process’s at a time, and free again when that dies', async () => {
    const { hub, links } = open('1', '2');
    const order: string[] = [];
    let release = (): void => {};
    const first = links[0].locked('a', () => new Promise<void>((resolve) => (release = resolve)));
    await settled();
    const second = links[1].locked('a', async () => void order.push('2 has a'));
    await links[1].locked('b', async () => void order.push('2 has b'));
    assert.deepEqual(order, ['2 has b']);
    release();
    await first;
    await second;
    assert.deepEqual(order, ['2 has b', '2 has a']);
    void links[0].locked('a', () => new Promise(() => {}));
    await settled();
    const third = links[1].locked('a', async () => void order.push('2 has a again'));
    hub.leave('1');
    await third;
    assert.equal(order.at(-1), '2 has a again');
  });
});

describe('a line', () => {
  it('brings messages whole and in their order, however the bytes come', async () => {
    const [there, here] = duplexPair();
    const came: unknown[] = [];
    new Line<unknown, unknown>(
      here,
      (message) => came.push(message),
      () => {},
    );
    const [a, b] = duplexPair();
    const line = new Line<unknown, unknown>(
      a,
      () => {},
      () => {},
    );
    const bytes: Buffer[] = [];
    b.on('data', (chunk: Buffer) => bytes.push(chunk));
    const said = [['한글'], { a: 1 }, 'x'.repeat(100_000), null, 7];
    line.send(said[0]);
    line.send(said[1]);
    await settled();
    for (const one of said.slice(2)) {
      line.send(one);
      await settled();
    }
    const all = Buffer.concat(bytes);
    for (let at = 0, size = 1; at < all.length; at += size, size = (size % 4_093) + 1) there.write(all.subarray(at, at + size));
    await settled();
    assert.deepEqual(came, said);
  });
});
