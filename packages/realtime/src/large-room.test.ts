import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeLog } from './testing/fake-log.ts';
import { type Client, Hub } from './testing/hub.ts';

const MEMBERS = 300;

/** A topic's log with many who follow it. */
async function largeRoom() {
  const hub = new Hub();
  const log = new FakeLog();
  const members: Client[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const member = hub.client();
    await hub.follow(log, 0, member);
    members.push(member);
  }
  const reached = (): number => members.filter(({ connection }) => connection.writes.length > 0).length;
  return { hub, log, members, topic: hub.realtime.topic('topic'), reached };
}

const seqs = ({ connection }: Client): number[] => connection.heard.map(({ data }) => data.rev);

describe('a large room', () => {
  it('is written to in parts, and whoever spoke first of all', async () => {
    const { hub, log, members, topic, reached } = await largeRoom();
    const speaker = members.at(-2) as Client;
    hub.realtime.handle(() => topic.offer(log.change()));
    hub.realtime.receive(speaker.session, { event: 'say', data: {} });
    await hub.tick();
    assert.deepEqual(seqs(speaker), [1]);
    assert.ok(reached() < MEMBERS / 2, `${reached()} of ${MEMBERS} in the first part`);
    while (hub.clock.isBusy) await hub.tick();
    for (const member of members) assert.deepEqual(seqs(member), [1]);
  });

  it('P3 what comes while it is written to reaches everyone in order, and in the same write whoever had not been written to', async () => {
    const { hub, log, members, topic, reached } = await largeRoom();
    topic.offer(log.change());
    await hub.tick();
    const before = reached();
    topic.offer(log.change());
    while (hub.clock.isBusy) await hub.tick();
    for (const member of members) assert.deepEqual(seqs(member), [1, 2]);
    const twice = members.filter(({ connection }) => connection.writes.length === 2).length;
    assert.equal(twice, before);
  });

  it('is written to without another look when much came: those messages stay together', async () => {
    const { hub, log, members, topic, reached } = await largeRoom();
    for (let i = 0; i < 20; i++) topic.offer(log.change());
    await hub.tick();
    assert.ok(reached() < MEMBERS);
    await hub.tick();
    assert.equal(reached(), MEMBERS);
    for (const { connection } of members) assert.equal(connection.writes.length, 1);
  });

  it('P7 whoever is closed between the parts hears no more', async () => {
    const { hub, log, members, topic } = await largeRoom();
    const last = members.at(-1) as Client;
    topic.offer(log.change());
    await hub.tick();
    last.session.leave('topic');
    last.session.close('sessionEnded');
    topic.offer(log.change());
    while (hub.clock.isBusy) await hub.tick();
    assert.ok(!seqs(last).includes(2));
    assert.deepEqual(seqs(members[0] as Client), [1, 2]);
  });

  it('R5.9 everyone gets what was said before the server stops', async () => {
    const { hub, log, members, topic } = await largeRoom();
    topic.offer(log.change());
    await hub.tick();
    hub.realtime.drain(1_000);
    for (const { connection } of members)
      assert.deepEqual(
        connection.heard.map(({ event }) => event),
        ['fresh', 'drain'],
      );
  });
});
