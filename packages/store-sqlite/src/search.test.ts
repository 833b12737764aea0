import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newestFirst, type RoomCommand } from '@suda/chat';
import { room, user } from '@suda/chat/contracts';
import { BatchExecutor, type Job } from './batch.ts';
import { random } from './fixtures.ts';
import { Reads } from './reads.ts';
import { migrate } from './schema.ts';
import { Search } from './search.ts';
import { connect } from './sqlite.ts';

const making = (id: string): RoomCommand => ({
  type: 'room.create',
  actor: user('ann'),
  room: room(id),
  name: id,
  kind: 'public',
  capacity: null,
  passwordHash: null,
  ephemeral: false,
});

it('P9 a search of many rooms finds what searches of each find, whether the index is asked or few messages are read', (t) => {
  const seed = 1 + Math.floor(Math.random() * 1_000_000);
  t.diagnostic(`seed ${seed}`);
  const next = random(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const db = connect(':memory:', { journal: 'delete' });
  t.after(() => db.close());
  migrate(db);
  // Some so lively that the index is asked, some in which little was said lately, one whose clock goes back and forth.
  const rooms = Array.from({ length: 8 }, (_, i) => `r${i}`);
  const jobs: Job[] = [
    [{ type: 'user.create', actor: user('ann'), name: 'ann', guest: true }, 0],
    ...rooms.map((id): Job => [making(id), 0]),
  ];
  for (let i = 0; i < 3_000; i++) {
    const where = next() < 0.7 ? one(rooms.slice(0, 3)) : one(rooms);
    const text = Array.from({ length: 3 }, () => one(['회의는', '배포', '배포합니다', 'deploy', 'deployed', 'lunch', 'Room3', '…'])).join(
      ' ',
    );
    const at = 1_000 + i - (where === 'r2' ? Math.floor(next() * 200) : 0);
    jobs.push([{ type: 'message.send', actor: user('ann'), room: room(where), clientId: `c${i}`, text }, at]);
  }
  for (let pos = 2; pos < 40; pos += 3) jobs.push([{ type: 'message.delete', actor: user('ann'), room: room(one(rooms)), pos }, 9_000]);
  new BatchExecutor(db).execute(jobs);
  const [reads, search] = [new Reads(db), new Search(db)];
  const found = (q: string, of: readonly string[], limit: number, before?: { at: number; room: ReturnType<typeof room>; pos: number }) =>
    search.search({ q, rooms: of.map(room), limit, ...(before ? { before } : {}) }, (id) => reads.keptRoom(id));
  for (const q of ['회의', '배포', '배', 'deploy', 'deployed', 'room', '회의 배포 deploy', '포합', 'l d r', '없는 것']) {
    const all = rooms.flatMap((id) => found(q, [id], 10_000)).sort(newestFirst);
    for (const limit of [1, 5, 21, 200]) {
      assert.deepEqual(found(q, rooms, limit), all.slice(0, limit), `${q}, ${limit}`);
      const from = Math.floor(next() * all.length);
      assert.deepEqual(found(q, rooms, limit, all[from]), all.slice(from + 1, from + 1 + limit), `${q}, ${limit} after ${from}`);
      if (all.length === 0) break;
    }
  }
});
