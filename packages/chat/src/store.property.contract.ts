import assert from 'node:assert/strict';
import { it } from 'node:test';
import { directRoomId, type FileId, type InvitationCode, type RoomId, type UserId } from '@suda/protocol';
import fc from 'fast-check';
import type { RoomCommand } from './commands.ts';
import type { Change } from './effects.ts';
import { MemoryStore } from './memory-store.ts';
import type { LogPage, Outcome, PageRequest, RoomView, Store } from './store.ts';
import { type OpenStore, room, user } from './store.world.contract.ts';

const people = ['ann', 'bob', 'cat'].map(user);
const rooms = ['r1', 'r2', 'r3'].map(room);
const directs = [directRoomId(user('ann'), user('bob')), directRoomId(user('cat'), user('cat'))];
const everywhere = [...rooms, ...directs];
const texts = [
  '회의는',
  '내일회의자료',
  '上海',
  'deploy done',
  'Depot 회의',
  '!',
  '𠮷野家',
  '@A @B',
  'hi @Bo',
  '회의 https://a.example',
  'https://b.example',
];
const queries = ['회의', 'f2', '의', '上', 'dep', 'dep 회의', '𠮷', '?'];

const files = ['f1', 'f2', 'f3'].map((id) => id as FileId);

const codes = ['i1', 'i2', 'i3'].map((id) => id as InvitationCode);

/** Whoever uploads it, a file is the same but for its owner. */
const put = (owner: UserId, id: FileId): RoomCommand => {
  const moves = id === 'f3' ? {} : { animated: true as const, duration: 9 };
  const attachment = { id, name: `회의 ${id}.png`, type: 'image/png', size: 9, width: 1, height: 1, ...moves };
  return { type: 'file.put', actor: owner, file: { id, owner, hash: `${id}`, createdAt: 1, attachment } };
};

/** What was found behind an address, and the picture of it: each its own file. */
function preview([room, pos, address, picture]: [RoomId, number, string, number | null]): RoomCommand {
  const actor = user('system');
  const found = { address, url: address, host: 'a.example', title: '회의' };
  if (picture === null) return { type: 'message.preview', actor, room, pos, preview: found, file: null };
  const attachment = { id: `p${picture}` as FileId, name: 'preview.webp', type: 'image/webp', size: 9, width: 1, height: 1 };
  const file = { id: attachment.id, owner: actor, hash: 'p', createdAt: 1, attachment };
  return { type: 'message.preview', actor, room, pos, preview: { ...found, picture: attachment }, file };
}

interface Step {
  readonly command: RoomCommand;
  readonly now: number;
}

const actor = fc.constantFrom(...people);
const where = { weight: 1, arbitrary: fc.constantFrom(...everywhere) };
const inRoom = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...rooms) }, where);
const pos = fc.integer({ min: 1, max: 12 });
const text = fc.constantFrom(...texts);
const address = fc.constantFrom('https://a.example/', 'https://b.example/');
const emoji = fc.constantFrom('👍', '🎉');
const hash = fc.constantFrom(null, null, 'hash');
const kind = fc.constantFrom('public' as const, 'private' as const);
const at = { actor, room: inRoom };

const command: fc.Arbitrary<RoomCommand> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('user.create' as const), actor, name: fc.constantFrom('A', 'B'), guest: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('user.rename' as const), actor, name: fc.constantFrom('A', 'B') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('room.create' as const),
      actor,
      room: fc.constantFrom(...rooms),
      name: fc.constant('room'),
      kind,
      capacity: fc.constantFrom(null, 2),
      passwordHash: hash,
      ephemeral: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('room.found' as const), actor, room: fc.constantFrom(...rooms), name: fc.constant('Lobby') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('room.update' as const),
      ...at,
      name: fc.constantFrom('room', 'other'),
      kind,
      ephemeral: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('room.join' as const), ...at, verifiedHash: hash }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('room.leave' as const), ...at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('room.invite' as const), ...at, user: actor }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('room.kick' as const), ...at, user: actor, ban: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('room.transfer' as const), ...at, user: actor }) },
  {
    weight: 2,
    arbitrary: fc.tuple(actor, actor).map(([a, b]): RoomCommand => ({ type: 'direct.open', actor: a, room: directRoomId(a, b), user: b })),
  },
  {
    weight: 16,
    arbitrary: fc.record(
      {
        type: fc.constant('message.send' as const),
        ...at,
        clientId: fc.integer({ min: 0, max: 30 }).map((n) => `c${n}`),
        text,
        replyTo: pos,
        via: fc.constantFrom(...rooms),
        attachments: fc.subarray(files),
        mentions: fc.subarray(people),
      },
      { requiredKeys: ['type', 'actor', 'room', 'clientId', 'text'] },
    ) as fc.Arbitrary<RoomCommand>,
  },
  { weight: 4, arbitrary: fc.tuple(actor, fc.constantFrom(...files)).map(([owner, id]) => put(owner, id)) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('file.drop' as const), actor, file: fc.constantFrom(...files) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('gif.add' as const),
      actor,
      file: fc.constantFrom(...files),
      words: fc.constantFrom('춤 춰요', 'dance'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('gif.remove' as const), actor, file: fc.constantFrom(...files) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('place.claim' as const), actor, name: fc.constantFrom('A', 'B') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('place.release' as const), actor }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('place.update' as const), actor, name: fc.constantFrom('A', 'B') }) },
  {
    weight: 4,
    arbitrary: fc
      .record({ ...at, code: fc.constantFrom(...codes), expiresAt: fc.constantFrom(null, 1_100), uses: fc.constantFrom(null, 1) })
      .map(({ actor: by, room: where, ...terms }): RoomCommand => {
        const invitation = { ...terms, room: where, by, createdAt: 1, used: 0 };
        return { type: 'invitation.create', actor: by, room: where, invitation };
      }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('invitation.accept' as const), ...at, by: actor, code: fc.constantFrom(...codes) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('invitation.revoke' as const), ...at, code: fc.constantFrom(...codes) }) },
  {
    weight: 4,
    arbitrary: fc.record(
      { type: fc.constant('message.edit' as const), ...at, pos, text, mentions: fc.subarray(people) },
      { requiredKeys: ['type', 'actor', 'room', 'pos', 'text'] },
    ) as fc.Arbitrary<RoomCommand>,
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('room.notify' as const),
      ...at,
      notify: fc.constantFrom('all' as const, 'mentions' as const, 'nothing' as const),
      muted: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('message.delete' as const), ...at, pos }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('message.react' as const, 'message.unreact' as const), ...at, pos, emoji }) },
  { weight: 6, arbitrary: fc.tuple(inRoom, pos, address, fc.option(fc.nat())).map(preview) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('message.unpreview' as const), ...at, pos }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('room.read' as const), ...at, pos }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('room.unread' as const), ...at, pos }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('no.such.command' as never), ...at }) as unknown as fc.Arbitrary<RoomCommand> },
);

/** Mostly a clock that goes forward; sometimes one that doesn't. */
const now = fc.integer({ min: -3, max: 10 });

type Answer = Outcome | { readonly status: 'failed'; readonly code: unknown };

const execute = (store: Store, { command, now }: Step): Promise<Answer> =>
  store.execute(command, now).catch((error: { code?: unknown }) => ({ status: 'failed', code: error.code }));

/** Epochs are each store's own. */
function comparable(answer: Answer): Answer {
  if (answer.status !== 'done') return answer;
  return {
    ...answer,
    changes: answer.changes.map((change): Change => (change.type === 'room' ? { ...change, room: { ...change.room, epoch: '' } } : change)),
  };
}

const pages: readonly PageRequest[] = [
  { type: 'latest', limit: 4 },
  { type: 'before', pos: 5, limit: 3 },
  { type: 'after', pos: 2, limit: 100 },
  { type: 'around', pos: 4, limit: 5 },
];

/** For lists whose order nobody promises. */
const sorted = <T>(list: readonly T[], key: (of: T) => string): T[] => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
const viewsOf = (views: readonly RoomView[]) =>
  sorted(
    views.map((view) => ({ ...view, room: view.room.id })),
    (view) => view.room,
  );
const logOf = (page: LogPage | null) => page && { ...page, epoch: '' };

/** Everything that can be read. */
async function look(store: Store): Promise<unknown> {
  const ofRooms = everywhere.map(async (id) => {
    const record = await store.room(id);
    return {
      invitations: await store.invitations(id),
      record: record && { ...record, epoch: '' },
      members: await store.members(id),
      places: await Promise.all(people.map((id_) => store.member(id, id_))),
      views: (await Promise.all(people.map((id_) => store.roomView(id, id_, 2)))).map((view) => view && { ...view, room: '' }),
      changes: await Promise.all([0, 3, 8].map(async (rev) => logOf(await store.changes(id, rev, 5)))),
      pages: await Promise.all(pages.map(async (request) => logOf(await store.page(id, request)))),
    };
  });
  const ofPeople = people.map(async (id) => ({
    user: await store.user(id),
    rooms: [...(await store.roomsOf(id))].sort(),
    views: viewsOf(await store.roomViews(id, true, 2)),
    mine: viewsOf(await store.roomViews(id, false, 0)),
  }));
  const found = queries.map(async (q) => {
    const all = await store.search({ q, rooms: everywhere, limit: 100 });
    const before = all[1];
    return [
      all,
      await store.search({ q, rooms: rooms.slice(0, 2), limit: 3 }),
      before && (await store.search({ q, rooms, limit: 2, before })),
    ];
  });
  return {
    rooms: await Promise.all(ofRooms),
    people: await Promise.all(ofPeople),
    found: await Promise.all(found),
    mentions: await Promise.all(people.map((who) => mentionsOf(store, who))),
    readable: await Promise.all(files.flatMap((id) => people.map((who) => store.readableFile(id, who)))),
    gifs: await Promise.all([undefined, '회의', '춤', 'dan', '?'].map((q) => store.gifs({ limit: 5, ...(q === undefined ? {} : { q }) }))),
    stray: sorted(await store.strayFiles(2, 10), (file) => file.id),
    place: await store.place(),
    invitations: await Promise.all(codes.map((id) => store.invitation(id))),
    ephemeral: sorted(await store.ephemeralMembers(), (member) => `${member.room} ${member.user}`),
  };
}

/** All, and a page from within. */
async function mentionsOf(store: Store, who: UserId): Promise<unknown> {
  const all = await store.mentions(who, 100);
  return [all, await store.mentions(who, 2, all[1])];
}

/**
 * Any commands leave the store under test as they leave the store in memory, answer for answer, also across reopening.
 * @param atOnce up to how many commands are given without waiting. Above 1 only for a store that executes in the order in which it was asked.
 * @param runs how many random sequences; a failure prints its seed
 */
export function propertyContract(open: OpenStore, atOnce: number, runs: number): void {
  it(`any commands, ${atOnce} at once, leave the same as in the store in memory`, async () => {
    const step = fc.record({ command, tick: now });
    const groups = fc.array(fc.array(step, { minLength: 1, maxLength: atOnce }), { maxLength: Math.ceil(120 / atOnce), size: 'max' });
    await fc.assert(
      fc.asyncProperty(groups, async (list) => {
        const opened = await open();
        try {
          let { store } = opened;
          const reference = new MemoryStore();
          let clock = 1_000;
          for (const [i, group] of list.entries()) {
            const steps = group.map(({ command: it, tick }): Step => {
              clock += tick;
              return { command: it, now: clock };
            });
            const answers = await Promise.all(steps.map((it) => execute(store, it)));
            const expected = await Promise.all(steps.map((it) => execute(reference, it)));
            assert.deepEqual(answers.map(comparable), expected.map(comparable));
            if (i === Math.floor(list.length / 2)) store = await opened.reopen();
          }
          assert.deepEqual(await look(store), await look(reference));
        } finally {
          await opened.close();
        }
      }),
      { numRuns: runs },
    );
  });
}
