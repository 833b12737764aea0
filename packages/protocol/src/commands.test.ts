import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CommandName, commands, isCommandName, limits, routes } from './index.ts';

const accepts = (name: CommandName, input: unknown): boolean => commands[name].input.safeParse(input).success;
const x = (length: number): string => 'x'.repeat(length);
const send = (more: object): object => ({ room: 'lobby', clientId: 'c1', text: 'hi', ...more });

/** [command, input, whether it is taken] */
const edges: readonly [CommandName, object, boolean][] = [
  ['message.send', send({}), true],
  ['message.send', send({ text: x(limits.textLength) }), true],
  ['message.send', send({ text: x(limits.textLength + 1) }), false],
  ['message.send', send({ text: '' }), false],
  ['message.send', send({ text: ' \n\t ' }), false],
  ['message.send', send({ text: ' a ' }), true],
  ['message.send', send({ text: '안녕 👋🏽' }), true],
  ['message.send', send({ text: '\ud83d' }), false],
  ['message.send', send({ clientId: x(limits.clientIdLength) }), true],
  ['message.send', send({ clientId: x(limits.clientIdLength + 1) }), false],
  ['message.send', send({ clientId: '' }), false],
  ['message.send', send({ clientId: 'a b' }), false],
  ['message.send', send({ clientId: 'é' }), false],
  ['message.send', send({ clientId: '!~' }), true],
  ['message.send', send({ replyTo: 1 }), true],
  ['message.send', send({ replyTo: 0 }), false],
  ['message.send', send({ replyTo: 1.5 }), false],
  ['message.send', send({ replyTo: Number.MAX_SAFE_INTEGER }), true],
  ['message.send', send({ replyTo: Number.MAX_SAFE_INTEGER + 1 }), false],
  ['message.send', send({ replyTo: null }), false],
  ['message.send', send({ room: 'Lobby' }), false],
  ['message.send', send({ room: 'l' }), false],
  ['message.send', send({ room: `l${x(63)}` }), true],
  ['message.send', send({ room: `l${x(64)}` }), false],
  ['message.send', send({ room: 'lobby\n' }), false],
  ['message.send', send({ more: 1 }), false],
  ['message.edit', { room: 'lobby', pos: 1, text: x(limits.textLength + 1) }, false],
  ['message.edit', { room: 'lobby', pos: 1, text: 'x' }, true],
  ['message.edit', { room: 'lobby', pos: 1, text: '' }, true],
  ['message.edit', { room: 'lobby', pos: 1, text: ' ' }, false],
  ['message.send', send({ text: '', attachments: ['f1'] }), true],
  ['message.send', send({ text: ' ', attachments: ['f1'] }), false],
  ['message.send', send({ text: '', attachments: [] }), false],
  ['message.send', send({ attachments: ['f1', 'f1'] }), false],
  ['message.send', send({ attachments: ['../f1'] }), false],
  ['message.send', send({ attachments: Array.from({ length: limits.attachmentsPerMessage }, (_, i) => `f${i}`) }), true],
  ['message.send', send({ attachments: Array.from({ length: limits.attachmentsPerMessage + 1 }, (_, i) => `f${i}`) }), false],
  ['message.react', { room: 'lobby', pos: 1, emoji: '👍' }, true],
  ['message.react', { room: 'lobby', pos: 1, emoji: '👨‍👩‍👧‍👦' }, true],
  ['message.react', { room: 'lobby', pos: 1, emoji: x(limits.emojiLength) }, true],
  ['message.react', { room: 'lobby', pos: 1, emoji: x(limits.emojiLength + 1) }, false],
  ['message.react', { room: 'lobby', pos: 1, emoji: 'a b' }, false],
  ['message.react', { room: 'lobby', pos: 1, emoji: '\u0007' }, false],
  ['message.react', { room: 'lobby', pos: 1, emoji: '' }, false],
  ['hello', {}, true],
  ['hello', { name: x(limits.nameLength) }, true],
  ['hello', { name: x(limits.nameLength + 1) }, false],
  ['hello', { name: '   ' }, false],
  ['hello', { name: 'a\nb' }, false],
  ['hello', { name: 'a\u202eb' }, false],
  ['hello', { name: 'a\u2028b' }, false],
  ['hello', { token: x(limits.tokenLength) }, true],
  ['hello', { token: x(limits.tokenLength + 1) }, false],
  ['room.create', { name: 'r', kind: 'public' }, true],
  ['room.create', { name: x(limits.roomNameLength), kind: 'private' }, true],
  ['room.create', { name: x(limits.roomNameLength + 1), kind: 'private' }, false],
  ['room.create', { name: 'r', kind: 'direct' }, false],
  ['room.create', { name: 'r', kind: 'public', capacity: 1 }, true],
  ['room.create', { name: 'r', kind: 'public', capacity: 0 }, false],
  ['room.create', { name: 'r', kind: 'public', capacity: limits.roomMembers }, true],
  ['room.create', { name: 'r', kind: 'public', capacity: limits.roomMembers + 1 }, false],
  ['room.create', { name: 'r', kind: 'public', capacity: null }, true],
  ['room.create', { name: 'r', kind: 'public', password: x(limits.roomPasswordLength) }, true],
  ['room.create', { name: 'r', kind: 'public', password: x(limits.roomPasswordLength + 1) }, false],
  ['room.create', { name: 'r', kind: 'public', password: '' }, false],
  ['room.update', { room: 'lobby' }, true],
  ['room.update', { room: 'lobby', password: null }, true],
  ['room.update', { room: 'lobby', name: '' }, false],
  ['room.open', { room: 'lobby', epoch: 'e1', rev: 0 }, true],
  ['room.open', { room: 'lobby', epoch: 'E1', rev: 0 }, false],
  ['room.open', { room: 'lobby', epoch: x(33), rev: 0 }, false],
  ['room.open', { room: 'lobby', epoch: 'e1', rev: -1 }, false],
  ['message.list', { room: 'lobby', limit: limits.pageSize }, true],
  ['message.list', { room: 'lobby', limit: limits.pageSize + 1 }, false],
  ['message.list', { room: 'lobby', limit: 0 }, false],
  ['message.list', { room: 'lobby', after: 0 }, true],
  ['message.list', { room: 'lobby', before: 0 }, false],
  ['message.list', { room: 'lobby', before: 2, after: 1 }, false],
  ['message.list', { room: 'lobby', around: 2, after: 1 }, false],
  ['message.search', { q: x(limits.searchLength) }, true],
  ['message.search', { q: x(limits.searchLength + 1) }, false],
  ['message.search', { q: ' ' }, false],
  ['message.search', { q: 'a', limit: limits.searchResults }, true],
  ['message.search', { q: 'a', limit: limits.searchResults + 1 }, false],
  ['message.search', { q: 'a', before: '17.lobby.3' }, true],
  ['message.search', { q: 'a', before: '17.lobby' }, false],
  ['room.kick', { room: 'lobby', user: 'mina', ban: true }, true],
  ['room.kick', { room: 'lobby', user: 'mi_na' }, false],
  ['room.kick', { room: 'lobby', user: 'mina', ban: 'true' }, false],
  ['room.kick', { room: 'lobby', user: `u${x(29)}` }, true],
  ['room.kick', { room: 'lobby', user: `u${x(30)}` }, false],
];

describe('commands', () => {
  for (const [name, input, taken] of edges) {
    const shown = JSON.stringify(input).replace(/(x{9})x+/g, (run) => `x…${run.length}`);
    it(`R3.1 ${name} ${taken ? 'takes' : 'refuses'} ${shown}`, () => assert.equal(accepts(name, input), taken));
  }

  it('R3.1 no command takes an unknown field, and none takes anything but an object', () => {
    for (const name of Object.keys(commands) as CommandName[]) {
      const issues = commands[name].input.safeParse({ surely_unknown: 1 }).error?.issues ?? [];
      assert.ok(
        issues.some((issue) => issue.code === 'unrecognized_keys'),
        name,
      );
      for (const wrong of [null, [], 'text', 1, true]) assert.equal(accepts(name, wrong), false, `${name} ${JSON.stringify(wrong)}`);
    }
  });

  it('R3.1 a name is cut to its edges', () => {
    assert.deepEqual(commands.hello.input.parse({ name: '  Mina ' }), { name: 'Mina' });
  });

  it('R8.1 every command has its route, every route its command', () => {
    assert.deepEqual(Object.keys(routes).sort(), Object.keys(commands).sort());
  });

  it('R5.4 words that every object knows are no commands', () => {
    for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty', '']) assert.equal(isCommandName(word), false);
    assert.equal(isCommandName('hello'), true);
  });
});
