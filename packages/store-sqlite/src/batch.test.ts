import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomCommand } from '@suda/chat';
import { room, user } from '@suda/chat/contracts';
import { BatchExecutor, type Job } from './batch.ts';
import { Reads } from './reads.ts';
import { migrate } from './schema.ts';
import { Search } from './search.ts';
import { connect } from './sqlite.ts';

const people: RoomCommand[] = ['ann', 'bob'].map((id) => ({ type: 'user.create', actor: user(id), name: id, guest: true }));
const making = (id: string, kind = 'public'): RoomCommand => ({
  type: 'room.create',
  actor: user('ann'),
  room: room(id),
  name: id,
  kind: kind as 'public',
  capacity: null,
  passwordHash: null,
  ephemeral: true,
});
const saying = (text: string, clientId: string): RoomCommand => ({
  type: 'message.send',
  actor: user('ann'),
  room: room('r1'),
  clientId,
  text,
});
const joining: RoomCommand = { type: 'room.join', actor: user('bob'), room: room('r1'), verifiedHash: null };
const leaving: RoomCommand = { type: 'room.leave', actor: user('ann'), room: room('r1') };

function setUp() {
  const db = connect(':memory:', { journal: 'delete' });
  migrate(db);
  const executor = new BatchExecutor(db);
  const [reads, search] = [new Reads(db), new Search(db)];
  let now = 0;
  return {
    db,
    reads,
    execute: (...commands: RoomCommand[]) => executor.execute(commands.map((command): Job => [command, now++])),
    found: (q: string) => search.search({ q, rooms: [room('r1')], limit: 100 }, (id) => reads.keptRoom(id)).map((message) => message.text),
  };
}

const status = (answers: readonly object[]) => answers.map((answer) => ('status' in answer ? answer.status : 'failed'));

describe('a batch', () => {
  it('P8 one command that the database itself refuses fails alone; the others are decided as if it had not been', () => {
    const { execute, reads, found } = setUp();
    execute(...people, making('r1'));
    const answers = execute(
      saying('one', 'a'),
      making('r2', 'no such kind'),
      joining,
      saying('one', 'a'),
      making('r2', 'neither'),
      saying('two', 'b'),
    );
    assert.deepEqual(status(answers), ['done', 'failed', 'done', 'duplicate', 'failed', 'done']);
    assert.equal(reads.room(room('r2')), null);
    const { head, pos, memberCount } = reads.room(room('r1')) ?? {};
    assert.deepEqual([head, pos, memberCount], [4, 4, 2]);
    assert.equal(reads.member(room('r1'), user('ann'))?.readPos, 4);
    assert.deepEqual(found('one'), ['one']);
  });

  it('P1 a batch that does not fit leaves nothing, not even in the cache', () => {
    const { db, execute, reads, found } = setUp();
    execute(...people, making('r1'), saying('before', 'a'));
    const before = reads.room(room('r1'));
    db.exec('PRAGMA max_page_count = 1'); // As few as it has now.
    assert.throws(() => execute(joining, saying(`full ${'words '.repeat(2_000)}`, 'b')), /full/);
    assert.deepEqual(reads.room(room('r1')), before);
    db.exec('PRAGMA max_page_count = 100000');
    const [said, again] = execute(saying('after', 'b'), saying('before', 'a'));
    assert.ok(
      said && 'status' in said && said.status === 'done' && said.changes[0]?.type === 'message' && said.changes[0].message.pos === 3,
    );
    assert.ok(again && 'status' in again && again.status === 'duplicate');
    assert.equal(reads.room(room('r1'))?.memberCount, 1);
    assert.deepEqual(found('full'), []);
  });

  it('room keys may be large: the index’s row ids then exceed what a number holds', () => {
    const { db, execute, reads, found } = setUp();
    execute(...people);
    db.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('rooms', 2147483000)");
    execute(making('r1'), saying('회의 one', 'a'), saying('회의 two', 'b'));
    assert.equal(reads.keptRoom(room('r1'))?.key, 2_147_483_001);
    assert.deepEqual(found('회의'), ['회의 two', '회의 one']);
    execute({ type: 'message.edit', actor: user('ann'), room: room('r1'), pos: 2, text: 'other' });
    assert.deepEqual(found('회의'), ['회의 two']);
    assert.deepEqual(status(execute(leaving)), ['done']);
    assert.equal(db.prepare('SELECT count(*) AS count FROM messages_fts_docsize').get()?.count, 0);
  });
});
