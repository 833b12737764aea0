import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { adorn, furnish, openIn, temporaryFolder } from './fixtures.ts';
import { check } from './index.ts';
import { migrations } from './schema.ts';

/** Room r1 has key 1. Its message 5 was edited, 6 is deleted. */
const damages: [what: string, sql: string, finding: RegExp][] = [
  ['a missing message', 'DELETE FROM messages WHERE room = 1 AND pos = 4', /Room r1: after message 3 comes 5/],
  [
    'a missing last message',
    'DELETE FROM messages WHERE room = 1 AND pos = (SELECT max(pos) FROM messages WHERE room = 1)',
    /Room r1: its last message is/,
  ],
  ['a wrong count of messages', 'UPDATE rooms SET pos = pos + 1 WHERE key = 1', /Room r1: its last message is/],
  ['a wrong head', 'UPDATE rooms SET head = head + 1 WHERE key = 1', /Room r1: its highest rev is/],
  ['a head behind', 'UPDATE rooms SET head = head - 1 WHERE key = 1', /Room r1: message \d+ has rev \d+, above head/],
  [
    'a firstRev out of order',
    'UPDATE messages SET first_rev = 1 WHERE room = 1 AND pos = 3',
    /Room r1: message 3 has firstRev 1, not above/,
  ],
  ['a rev that went back', 'UPDATE messages SET first_rev = rev + 1 WHERE room = 1 AND pos = 5', /Room r1: message 5 has rev \d+, below/],
  ['a tombstone with a text', "UPDATE messages SET text = 'x' WHERE room = 1 AND pos = 6", /Room r1: message 6 is deleted, but/],
  ['an answer to the future', 'UPDATE messages SET reply_to = 99 WHERE room = 1 AND pos = 4', /Room r1: message 4 answers 99/],
  ['a wrong memberCount', 'UPDATE rooms SET member_count = 7 WHERE key = 1', /Room r1: it counts 7 members, but has 2/],
  ['a readPos beyond the room', 'UPDATE members SET read_pos = 99 WHERE room = 1', /Room r1: ann has read up to 99/],
  ['a wrong owner', "UPDATE rooms SET owner = 'bob' WHERE key = 1", /Room r1: its owner is bob, but ann/],
  ['a wrong time', 'UPDATE rooms SET newest_at = 1 WHERE key = 1', /Room r1: its newest_at/],
  ['a member who is nobody', "DELETE FROM users WHERE id = 'bob'", /members are no users/],
  ['messages without a room', "DELETE FROM rooms WHERE id = 'r1'", /messages belong to no room/],
  [
    'a text that is not in the index',
    "UPDATE messages SET text = 'other' WHERE room = 1 AND pos = 5",
    /The search index does not fit room r1, message 5/,
  ],
  ['an index entry lost', 'DELETE FROM messages_fts WHERE rowid = (1 << 32 | 5)', /The search index does not fit room r1, message 5/],
  [
    'an index entry of a deleted message',
    "INSERT INTO messages_fts (rowid, grams) VALUES (1 << 32 | 6, 'old')",
    /The search index does not fit room r1, message 6/,
  ],
  [
    'words in another order',
    "UPDATE messages SET text = 'words edited' WHERE room = 1 AND pos = 5",
    /The search index does not fit room r1, message 5/,
  ],
  [
    'an index that lost a row',
    "DROP INDEX messages_rev; CREATE INDEX messages_rev ON messages (room, rev) WHERE pos <> 3; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX messages_rev ON messages (room, rev)' WHERE name = 'messages_rev'",
    /The file is damaged: /,
  ],
];

const besides: [what: string, sql: string, finding: RegExp][] = [
  ['an invitation to nowhere', 'UPDATE invitations SET room = 99', /1 invitations lead to no room/],
  ['a keeper who is nobody', "UPDATE place SET keeper = 'nobody'", /keepers of the place are no users/],
  ['a file that is gone', "DELETE FROM files WHERE id = 'f1'", /messages carry a file that is not known/],
  ['a file not counted', "DELETE FROM attachments WHERE file = 'f1'", /files of messages are not counted as carried/],
  [
    'a file counted in another message',
    "UPDATE attachments SET file = 'f1' WHERE file = 'g1'",
    /files are said to be in messages that do not carry them/,
  ],
  ['a picture of a preview not counted', "DELETE FROM attachments WHERE file = 'p1'", /pictures of previews are not counted/],
  ['a mention lost', "DELETE FROM mentions WHERE user = 'bob'", /mentions or answers are missing/],
  ['a mention too many', "UPDATE mentions SET pos = 1 WHERE user = 'bob'", /mentions are listed of messages that mention nobody so/],
  ['a GIF without its file', "UPDATE gifs SET hash = 'other'", /GIFs have no file/],
  ['a GIF of a message that is gone', 'UPDATE gifs SET pos = 99', /GIFs came from messages that are gone/],
  ['a GIF that nobody finds', 'DELETE FROM gifs_fts', /The search index does not fit the GIF g1/],
  ['a GIF of other words', "UPDATE gifs SET words = 'cat'", /The search index does not fit the GIF g1/],
];

describe('check', () => {
  it('finds nothing where all is well, also while the server runs', async (t) => {
    const folder = temporaryFolder(t);
    const w = await openIn(t, folder);
    await furnish(w);
    const { findings, figures } = check(folder);
    assert.deepEqual(findings, []);
    const { bytes, ...counts } = figures;
    assert.ok(bytes > 0);
    assert.deepEqual(counts, { users: 3, rooms: 2, members: 4, messages: 29, indexed: 21, schema: migrations.length, generation: 1 });
    await w.say('ann', 'r1', 'it still runs');
  });

  it('finds each damage', async (t) => {
    const folder = temporaryFolder(t);
    const w = await openIn(t, folder);
    await furnish(w);
    await w.store.close();
    for (const [what, sql, finding] of damages) {
      const damaged = temporaryFolder(t);
      copyFileSync(join(folder, 'suda.db'), join(damaged, 'suda.db'));
      const db = new DatabaseSync(join(damaged, 'suda.db'), { defensive: false });
      db.exec(sql);
      db.close();
      const { findings } = check(damaged);
      assert.ok(
        findings.some((sentence) => finding.test(sentence)),
        `${what}: ${JSON.stringify(findings)}`,
      );
    }
  });

  it('finds each damage of what is beside the messages: place, invitations, GIFs, mentions, previews, files', async (t) => {
    const folder = temporaryFolder(t);
    const w = await openIn(t, folder);
    await furnish(w);
    await adorn(w);
    await w.store.close();
    assert.deepEqual(check(folder).findings, []);
    for (const [what, sql, finding] of besides) {
      const damaged = temporaryFolder(t);
      copyFileSync(join(folder, 'suda.db'), join(damaged, 'suda.db'));
      const db = new DatabaseSync(join(damaged, 'suda.db'), { defensive: false });
      assert.ok(Number(db.prepare(sql).run().changes) > 0, what);
      db.close();
      const { findings } = check(damaged);
      assert.ok(
        findings.some((sentence) => finding.test(sentence)),
        `${what}: ${JSON.stringify(findings)}`,
      );
    }
  });

  it('says when there is nothing to check', (t) => {
    assert.throws(() => check(temporaryFolder(t)), /There is no database in /);
  });
});
