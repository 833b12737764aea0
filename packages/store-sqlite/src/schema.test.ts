import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { room, user } from '@suda/chat/contracts';
import type { FileId } from '@suda/protocol';
import { openIn, temporaryFolder } from './fixtures.ts';
import { check, openSqliteStore } from './index.ts';
import { type Migration, migrate, migrations } from './schema.ts';
import { SearchIndex } from './search-index.ts';
import { connect, pragma, query } from './sqlite.ts';

/** What a file of version 1 may hold. */
const contents = `
  INSERT INTO users VALUES ('ann', 'Ann', 1, 5);
  INSERT INTO rooms (id, kind, name, owner, ephemeral, created_at, epoch, head, pos, member_count, newest_at)
    VALUES ('r1', 'public', 'Room', 'ann', 0, 5, 'e1', 4, 3, 1, 8);
  INSERT INTO members VALUES (1, 'ann', 'owner', 5, 3);
  INSERT INTO messages (room, pos, rev, first_rev, kind, sender, sender_name, client_id, text, at, deleted, notice) VALUES
    (1, 1, 1, 1, 'notice', 'ann', 'Ann', NULL, '', 6, 0, '{"type":"created"}'),
    (1, 2, 2, 2, 'text', 'ann', 'Ann', 'c1', '내일회의자료', 7, 0, NULL),
    (1, 3, 4, 3, 'text', 'ann', 'Ann', 'c2', '', 8, 1, NULL);
  INSERT INTO meta VALUES ('generation', '3');
`;

const dance = { id: 'fa' as FileId, name: '춤.gif', type: 'image/gif', size: 9, width: 4, height: 3, animated: true } as const;

/** What a file of version 3 may hold, as its program left it. */
function talk(db: DatabaseSync): void {
  db.exec(`
    INSERT INTO users VALUES ('ann', 'Ann', 1, 5), ('bob', 'Bob', 0, 5), ('eve', 'Eve', 1, 5);
    INSERT INTO rooms (id, kind, name, owner, ephemeral, created_at, epoch, head, pos, member_count, newest_at)
      VALUES ('r1', 'public', 'Room', 'ann', 0, 5, 'e1', 7, 5, 2, 10);
    INSERT INTO members VALUES (1, 'ann', 'owner', 5, 5), (1, 'bob', 'member', 6, 4), (1, 'eve', 'banned', 6, 0);
    INSERT INTO messages (room, pos, rev, first_rev, kind, sender, sender_name, client_id, text, at, edited_at, deleted, reply_to, notice, reactions, attachments) VALUES
      (1, 1, 1, 1, 'notice', 'ann', 'Ann', NULL, '', 6, NULL, 0, NULL, '{"type":"created"}', NULL, NULL),
      (1, 2, 7, 2, 'text', 'ann', 'Ann', 'c1', '내일회의자료', 7, 12, 0, NULL, NULL, '[{"emoji":"👍","users":["bob"]}]', '${JSON.stringify([dance])}'),
      (1, 3, 6, 3, 'text', 'bob', 'Bob', 'c2', '', 8, NULL, 1, NULL, NULL, NULL, NULL),
      (1, 4, 4, 4, 'text', 'bob', 'Bob', 'c3', '회의 좋아요', 9, NULL, 0, 2, NULL, NULL, NULL),
      (1, 5, 5, 5, 'text', 'ann', 'Ann', 'c4', '@Bob', 10, NULL, 0, NULL, NULL, NULL, NULL);
    INSERT INTO files VALUES ('fa', 'ann', 'h1', 9, 6, '${JSON.stringify(dance)}');
    INSERT INTO attachments VALUES ('fa', 1, 2);
    INSERT INTO meta VALUES ('generation', '3');
  `);
  const index = new SearchIndex(db);
  for (const [pos, words] of [
    [2, '내일회의자료 춤.gif'],
    [4, '회의 좋아요'],
    [5, '@Bob'],
  ] as const)
    index.put(1, pos, words);
}

describe('the schema', () => {
  it('a file of version 1 is brought to the present, and nothing of it is lost', async (t) => {
    const folder = temporaryFolder(t);
    const old = connect(join(folder, 'suda.db'));
    migrate(old, migrations.slice(0, 1));
    old.exec(contents);
    old.close();
    writeFileSync(join(folder, 'generation'), '3\n');
    const w = await openIn(t, folder);
    assert.equal(w.store.restored, false);
    assert.deepEqual(await w.found('회의', 'r1'), ['내일회의자료']);
    const { messages, epoch } = await w.history('r1');
    assert.deepEqual(
      messages.map((m) => [m.pos, m.rev, m.deleted]),
      [
        [1, 1, false],
        [2, 2, false],
        [3, 4, true],
      ],
    );
    assert.equal(epoch, 'e1');
    assert.equal((await w.say('ann', 'r1', '회의 새 글')).rev, 5);
    assert.deepEqual(await w.found('회의', 'r1'), ['회의 새 글', '내일회의자료']);
    await w.store.close();
    assert.deepEqual(check(folder).findings, []);
  });

  it('R14.11 a file of version 3 gets its library from what was shown in open rooms', async (t) => {
    const folder = temporaryFolder(t);
    const old = connect(join(folder, 'suda.db'));
    migrate(old, migrations.slice(0, 3));
    old.exec(contents);
    old.exec(`
      INSERT INTO rooms (id, kind, name, owner, ephemeral, created_at, epoch, head, pos, member_count, newest_at)
        VALUES ('r2', 'private', 'Room', 'ann', 0, 5, 'e2', 1, 1, 0, 8);
      INSERT INTO messages (room, pos, rev, first_rev, kind, sender, sender_name, client_id, text, at) VALUES (2, 1, 1, 1, 'text', 'ann', 'Ann', 'c1', '', 7);
      INSERT INTO files VALUES ('fa', 'ann', 'h1', 9, 6, '{"id":"fa","name":"춤.gif","animated":true}'), ('fb', 'ann', 'h2', 9, 6, '{"id":"fb","name":"x.gif","animated":true}'),
        ('fc', 'ann', 'h3', 9, 6, '{"id":"fc","name":"still.gif"}');
      INSERT INTO attachments VALUES ('fa', 1, 2), ('fc', 1, 2), ('fb', 2, 1);
    `);
    old.close();
    writeFileSync(join(folder, 'generation'), '3\n');
    const { store } = await openIn(t, folder);
    const found = await store.gifs({ q: '춤', limit: 9 });
    assert.deepEqual(
      found.map(({ file, by, words, from }) => [file, by, words, from]),
      [['fa', 'ann', '춤', { room: 'r1', pos: 2 }]],
    );
    assert.equal((await store.gifs({ limit: 9 })).length, 1);
  });

  for (let version = 3; version < migrations.length; version++) {
    it(`a file of version ${version} keeps its messages, files and members, and gets what came since`, async (t) => {
      const folder = temporaryFolder(t);
      const old = connect(join(folder, 'suda.db'));
      migrate(old, migrations.slice(0, 3));
      talk(old);
      if (version > 3) migrate(old, migrations.slice(0, version));
      old.close();
      writeFileSync(join(folder, 'generation'), '3\n');
      const told: string[] = [];
      const w = await openIn(t, folder, { report: (sentence) => told.push(sentence) });
      assert.equal(w.store.restored, false);
      assert.deepEqual(
        [told.length, told[0]?.includes(`from schema ${version} to ${migrations.length}`)],
        [1, true],
        'who starts it knows why it takes a while',
      );
      const { messages, head, epoch } = await w.history('r1');
      assert.deepEqual([head, epoch], [7, 'e1']);
      assert.deepEqual(
        messages.map((m) => [m.pos, m.rev, m.firstRev, m.sender?.name, m.clientId, m.text, m.at, m.editedAt, m.deleted, m.replyTo]),
        [
          [1, 1, 1, 'Ann', null, '', 6, null, false, null],
          [2, 7, 2, 'Ann', 'c1', '내일회의자료', 7, 12, false, null],
          [3, 6, 3, 'Bob', 'c2', '', 8, null, true, null],
          [4, 4, 4, 'Bob', 'c3', '회의 좋아요', 9, null, false, 2],
          [5, 5, 5, 'Ann', 'c4', '@Bob', 10, null, false, null],
        ],
      );
      const [, said] = messages;
      assert.deepEqual([said?.attachments, said?.reactions], [[dance], [{ emoji: '👍', users: ['bob'] }]]);
      for (const { mentions, preview } of messages) assert.deepEqual([mentions, preview], [[], null]);
      assert.deepEqual(
        (await w.store.members(room('r1'))).map(({ member }) => [member.user, member.role, member.readPos, member.notify, member.muted]),
        [
          ['ann', 'owner', 5, null, false],
          ['bob', 'member', 4, null, false],
        ],
      );
      assert.equal((await w.store.member(room('r1'), user('eve')))?.role, 'banned');
      assert.equal((await w.store.readableFile(dance.id, user('bob')))?.hash, 'h1');
      assert.deepEqual(await w.found('회의', 'r1'), ['회의 좋아요', '내일회의자료']);
      assert.deepEqual(await w.found('춤', 'r1'), ['내일회의자료']);
      const library = await w.store.gifs({ q: '춤', limit: 9 });
      assert.deepEqual(
        library.map(({ file, by }) => [file, by]),
        [['fa', 'ann']],
      );
      assert.deepEqual(await w.store.place(), { name: null, keeper: null });
      assert.deepEqual(
        (await w.store.mentions(user('ann'), 9)).map(({ pos }) => pos),
        [4],
        'what answered her',
      );
      assert.equal((await w.execute(w.saying('bob', 'r1', '같은 말', 'c3'))).status, 'duplicate', 'P2 a retry from before');
      assert.equal((await w.mention('ann', 'r1', '@Bob', 'bob')).rev, 8);
      assert.equal((await w.edit('ann', 'r1', 2, '내일회의')).rev, 9);
      await w.store.close();
      assert.deepEqual(check(folder).findings, []);
    });
  }

  it('a released step is never changed: change the schema by another step, and pin it here', () => {
    const pinned = [
      '9c8423663924318b70fe1591c1741fa833f05785be98d3bc82a27dd0ade9cd6f',
      '49896b38aaee2bea6767c3ae22ad4e12ec80ce37572f69c0c2324c04b8140dc6',
      'dfb4429423f5b7f0c0a495571f6d2217b895fa033aba4a8a09be356a6e7c9a34',
      'be1e294c76c9cab932dc81029f704aae4271042f41a2f04d5f17c9223320d348',
      'f4df948a9e7e8a2617e0704612ee96c81d3a6cde407ee20e184efdd92a61a1c4',
      '82f2584dac5acd2d9b25ea967ca1518a54acedc2565ce1a407a307616d0da75e',
      '16eab356c30d9b7bbfa2db12f2cdf73f3287d7ddbecfd495d68e82a3c49d2f3a',
    ];
    const db = connect(':memory:', { journal: 'delete' });
    for (const [i, expected] of pinned.entries()) {
      migrate(db, migrations.slice(0, i + 1));
      const sql = query<[string]>(
        db,
        "SELECT coalesce(sql, name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' ORDER BY name",
      ).all();
      assert.equal(createHash('sha256').update(sql.flat().join('\n')).digest('hex'), expected, `version ${i + 1}`);
    }
    assert.equal(migrations.length, pinned.length);
  });

  it('a newer file is refused with a sentence, and left as it is', async (t) => {
    const folder = temporaryFolder(t);
    const told: string[] = [];
    const { store } = await openIn(t, folder, { report: (sentence) => told.push(sentence) });
    await store.close();
    assert.deepEqual(told, [], 'a new one is not brought from anywhere');
    const db = connect(join(folder, 'suda.db'));
    const newer: Migration[] = [...migrations, (it) => it.exec('CREATE TABLE later (x)')];
    migrate(db, newer);
    db.close();
    const [is, known] = [newer.length, migrations.length];
    const sentence = new RegExp(`written by a newer version of Suda \\(its schema is ${is}, this version knows up to ${known}\\)`);
    await assert.rejects(openSqliteStore({ folder }), sentence);
    await assert.rejects(openSqliteStore({ folder }), /newer version/, 'and the folder was given free');
  });

  it('a step that fails leaves the file at its old version', () => {
    const db = connect(':memory:', { journal: 'delete' });
    migrate(db);
    const failing: Migration = (it) => it.exec('CREATE TABLE later (x); CREATE TABLE later (x)');
    assert.throws(() => migrate(db, [...migrations, failing]), /already exists/);
    assert.equal(pragma(db, 'PRAGMA user_version'), migrations.length);
    assert.equal(pragma(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'later'"), 0);
  });

  it('what is not a database of Suda is refused', async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'suda.db'), 'this is a text, and long enough to be taken for a file of another kind'.repeat(20));
    await assert.rejects(openSqliteStore({ folder }), /suda\.db cannot be opened: it is not a database/);
    const other = temporaryFolder(t);
    const db = connect(join(other, 'suda.db'));
    db.exec('CREATE TABLE bookmarks (url)');
    db.close();
    await assert.rejects(openSqliteStore({ folder: other }), /This is not a database of Suda/);
  });
});
