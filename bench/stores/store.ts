import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { gramsOf } from '@suda/chat';
import { ask, guest, startSuda } from '../peers/suda-process.ts';
import { random, text } from './texts.ts';

/** A data folder of Suda's with a long history. */
export interface Store {
  readonly folder: string;
  /** Messages in all of it. */
  readonly messages: number;
  /** The room with a tenth of them. */
  readonly room: string;
  readonly roomMessages: number;
  /** Someone who is in all rooms, and has not read everything. */
  readonly token: string;
  /** Seconds that filling it took, once. */
  readonly seconds: number;
}

/** Rooms beside the large one. They share what it leaves. */
const ROOMS = 100;
const PEOPLE = 20;
const BATCH = 20_000;
const YEAR = 365 * 86_400_000;
/** Raised when what is filled in changes. */
const VERSION = 2;

/**
 * A store with so many messages, a tenth of them in one room; made once and kept in bench/out/stores. Rooms and people come in through the
 * server; the messages then go into its tables in large batches, as the store itself writes them (packages/store-sqlite).
 */
export async function storeOf(messages: number, say: (where: string) => void): Promise<Store> {
  const folder = fileURLToPath(new URL(`../out/stores/${messages}/`, import.meta.url));
  const note = join(folder, 'bench.json');
  if (existsSync(note)) {
    const kept = JSON.parse(readFileSync(note, 'utf8')) as Store & { version: number };
    if (kept.version === VERSION) return { ...kept, folder };
  }
  const unfinished = folder.replace(/\/$/, '.unfinished');
  for (const old of [folder, unfinished]) rmSync(old, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const begun = performance.now();
  const { token, rooms, senders } = await people(unfinished);
  fill(unfinished, messages, rooms, senders, say);
  const seconds = (performance.now() - begun) / 1_000;
  const store = { messages, room: rooms[0] ?? '', roomMessages: messages / 10, token, seconds };
  writeFileSync(join(unfinished, 'bench.json'), JSON.stringify({ version: VERSION, ...store }));
  renameSync(unfinished, folder);
  return { ...store, folder };
}

/** Bytes of the database. */
export const sizeOf = ({ folder }: Store): number => statSync(join(folder, 'suda.db')).size;

/** A reader who owns a large room and the others, and people who are in all of them. */
async function people(folder: string): Promise<{ token: string; rooms: readonly string[]; senders: readonly string[] }> {
  const server = await startSuda({ folder });
  try {
    const { port } = server;
    const token = await guest(port, 'Reader');
    const senders: string[] = [];
    const tokens: string[] = [];
    for (let i = 0; i < PEOPLE; i++) {
      const session = await ask<{ token: string; user: { id: string } }>(port, 'POST', '/v1/session', { name: `Sender ${i}` });
      senders.push(session.user.id);
      tokens.push(session.token);
    }
    const rooms: string[] = [];
    for (let i = 0; i <= ROOMS; i++) {
      rooms.push(
        (await ask<{ id: string }>(port, 'POST', '/v1/rooms', { name: i === 0 ? 'Large' : `Room ${i}`, kind: 'public' }, token)).id,
      );
    }
    for (const room of rooms) for (const other of tokens) await ask(port, 'POST', `/v1/rooms/${room}/join`, {}, other);
    return { token, rooms, senders };
  } finally {
    await server.stop();
  }
}

interface RoomRow {
  readonly key: number;
  readonly pos: number;
  readonly head: number;
}

function fill(folder: string, messages: number, rooms: readonly string[], senders: readonly string[], say: (where: string) => void): void {
  const db = new DatabaseSync(join(folder, 'suda.db'));
  // What is lost with the power is made again.
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 20000',
  );
  const write = (sql: string): StatementSync => {
    const statement = db.prepare(sql);
    // Row ids of the search index don't fit a number.
    statement.setReadBigInts(true);
    return statement;
  };
  const put = write(
    `INSERT INTO messages (room, pos, rev, first_rev, kind, sender, sender_name, client_id, text, at) VALUES (?1, ?2, ?3, ?3, 'text', ?4, ?5, ?6, ?7, ?8)`,
  );
  const index = write('INSERT INTO messages_fts (rowid, grams) VALUES ((?1 << 32) | ?2, ?3)');
  const next = random(5);
  const end = Date.now();
  // Who came and went, came a year ago: times go forward in every room.
  write('UPDATE messages SET at = at - ?').run(2 * YEAR);
  write('UPDATE rooms SET newest_at = newest_at - ?1, created_at = created_at - ?1').run(2 * YEAR);
  write('UPDATE members SET joined_at = joined_at - ?').run(2 * YEAR);
  let done = 0;
  for (const [i, id] of rooms.entries()) {
    const { key, pos: before, head } = db.prepare('SELECT key, pos, head FROM rooms WHERE id = ?').get(id) as unknown as RoomRow;
    const share = i === 0 ? messages / 10 : Math.floor((messages * 0.9) / ROOMS);
    const step = YEAR / share;
    db.exec('BEGIN');
    for (let n = 1; n <= share; n++) {
      const who = Math.floor(next() * senders.length);
      const said = text(done, next);
      const pos = before + n;
      put.run(key, pos, head + n, senders[who] ?? '', `Sender ${who}`, `c${pos}`, said, Math.floor(end - YEAR + n * step));
      index.run(key, pos, gramsOf(said).join(' '));
      if (++done % BATCH === 0) {
        db.exec('COMMIT; BEGIN');
        say(`a store of ${messages} messages is filled: ${Math.floor((done / messages) * 100)} %`);
      }
    }
    write('UPDATE rooms SET pos = ?2, head = ?3, newest_at = ?4 WHERE key = ?1').run(
      key,
      before + share,
      head + share,
      Math.floor(end - YEAR + share * step),
    );
    write('UPDATE members SET read_pos = ?2 - abs(random() % ?3) WHERE room = ?1').run(key, before + share, Math.min(200, share));
    db.exec('COMMIT');
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}
