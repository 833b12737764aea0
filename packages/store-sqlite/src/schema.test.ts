import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openIn, temporaryFolder } from './fixtures.ts';
import { check, openSqliteStore } from './index.ts';
import { type Migration, migrate, migrations } from './schema.ts';
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
    const { store } = await openIn(t, folder);
    await store.close();
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
