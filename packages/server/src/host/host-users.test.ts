import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Chat, InProcessBus, MemoryStore } from '@suda/chat';
import { SudaError, UserId } from '@suda/protocol';
import { scryptPasswords } from '../passwords.ts';
import { HostUsers } from './host-users.ts';

function newChat(store = new MemoryStore()): Chat {
  return new Chat({ store, bus: new InProcessBus(), passwords: scryptPasswords, now: () => 0, newId: (prefix) => `${prefix}1` });
}

describe('a host’s users', () => {
  it('have ids of the protocol’s form that follow from the host’s id and the key alone', () => {
    const [one, same, other] = ['key', 'key', 'other key'].map((key) => new HostUsers(newChat(), key));
    assert.ok(one && same && other);
    const ids = ['42', 42, 'mina@example.org', '미나', 'x'.repeat(10_000), ' ', 'u1'].map((id) => one.idOf(id));
    for (const id of ids) assert.ok(UserId.safeParse(id).success && id.length === 27, id);
    assert.equal(new Set(ids).size, ids.length - 1, '42 is 42, as a text or as a number; all others differ');
    assert.equal(same.idOf('42'), one.idOf('42'));
    assert.notEqual(other.idOf('42'), one.idOf('42'));
    assert.throws(() => one.idOf(undefined as never), TypeError);
  });

  it('are looked up once, and written only when there is something new', async () => {
    const store = new MemoryStore();
    let [reads, writes] = [0, 0];
    const { user, execute } = store;
    store.user = (id) => {
      reads++;
      return user.call(store, id);
    };
    store.execute = (command, now) => {
      writes++;
      return execute.call(store, command, now);
    };
    const users = new HostUsers(newChat(store), 'key');
    for (let i = 0; i < 5; i++) await Promise.all([users.of({ id: 1, name: 'Mina' }), users.of({ id: '1', name: 'Mina' })]);
    assert.deepEqual([reads, writes], [1, 1]);
  });

  it('P1 one that could not be kept is tried again by the next who asks', async () => {
    let full = true;
    const store = new MemoryStore(undefined, {
      commit: async (apply) => {
        if (full) throw new SudaError('storage_full');
        apply();
      },
    });
    const chat = newChat(store);
    const users = new HostUsers(chat, 'key');
    await assert.rejects(users.of({ id: 1, name: 'Mina' }), { code: 'storage_full' });
    full = false;
    assert.equal((await chat.user(await users.of({ id: 1, name: 'Mina' })))?.name, 'Mina');
  });
});
