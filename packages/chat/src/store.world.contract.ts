import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { directRoomId, type ErrorCode, type FileId, type RoomId, type UserId } from '@suda/protocol';
import type { RoomCommand, RoomCommandOf } from './commands.ts';
import type { Change } from './effects.ts';
import type { FileRecord, MessageRecord } from './records.ts';
import type { LogPage, Outcome, Store } from './store.ts';

/** A store under test. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again on what it kept. */
  reopen(): Promise<Store>;
  /** Closes whatever is open, and removes what was kept. */
  close(): Promise<unknown>;
}

export type OpenStore = () => Promise<OpenedStore>;

export const user = (id: string) => id as UserId;
export const room = (id: string) => id as RoomId;

type RoomOptions = Partial<Omit<RoomCommandOf<'room.create'>, 'type' | 'actor' | 'room'>>;

/** A store with people in it, and short ways of doing things there. The clock goes on by 1 with every command, unless it is set. */
export class World {
  readonly #opened: OpenedStore;
  store: Store;
  now = 1_000;
  #clientIds = 0;

  constructor(opened: OpenedStore) {
    this.#opened = opened;
    this.store = opened.store;
  }

  async reopen(): Promise<void> {
    this.store = await this.#opened.reopen();
  }

  execute(command: RoomCommand): Promise<Outcome> {
    return this.store.execute(command, this.now++);
  }

  /** Executes what must be done. @returns its changes */
  async do(command: RoomCommand): Promise<readonly Change[]> {
    const outcome = await this.execute(command);
    assert.equal(outcome.status, 'done', `${command.type} was ${JSON.stringify(outcome)}`);
    return outcome.status === 'done' ? outcome.changes : [];
  }

  /** Executes what must be refused. @returns why */
  async refused(command: RoomCommand): Promise<ErrorCode> {
    const outcome = await this.execute(command);
    assert.equal(outcome.status, 'refused', `${command.type} was ${JSON.stringify(outcome)}`);
    return outcome.status === 'refused' ? outcome.code : 'internal';
  }

  async people(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.do({ type: 'user.create', actor: user(id), name: id.toUpperCase(), guest: true });
  }

  /** A public room of its first person with the others in it. Its log begins with a notice for each. */
  async make(id: string, [owner = 'ann', ...others]: readonly string[], options: RoomOptions = {}): Promise<RoomId> {
    await this.do({
      type: 'room.create',
      actor: user(owner),
      room: room(id),
      name: id,
      kind: 'public',
      capacity: null,
      passwordHash: null,
      ephemeral: false,
      ...options,
    });
    for (const other of others) await this.do({ type: 'room.invite', actor: user(owner), room: room(id), user: user(other) });
    return room(id);
  }

  async direct(a: string, b: string): Promise<RoomId> {
    const id = directRoomId(user(a), user(b));
    await this.do({ type: 'direct.open', actor: user(a), room: id, user: user(b) });
    return id;
  }

  /** A command that says something, under a clientId of its own. */
  saying(who: string, where: string, text: string, clientId = `c${this.#clientIds++}`): RoomCommandOf<'message.send'> {
    return { type: 'message.send', actor: user(who), room: room(where), clientId, text };
  }

  async say(who: string, where: string, text: string, clientId?: string): Promise<MessageRecord> {
    return messageOf(await this.do(this.saying(who, where, text, clientId)));
  }

  /** A file of someone's. Its bytes are elsewhere, and no business of a store. */
  async file(who: string, id: string, name = `${id}.png`, size = 10): Promise<FileRecord> {
    const attachment = { id: id as FileId, name, type: 'image/png', size, width: 4, height: 3, placeholder: 'data:,' };
    const file = { id: attachment.id, owner: user(who), hash: `hash of ${name}`, createdAt: this.now, attachment };
    await this.do({ type: 'file.put', actor: user(who), file });
    return file;
  }

  /** Says something with files. */
  async show(who: string, where: string, text: string, ...files: readonly FileRecord[]): Promise<MessageRecord> {
    return messageOf(await this.do({ ...this.saying(who, where, text), attachments: files.map((file) => file.id) }));
  }

  /** Says something that mentions these people. */
  async mention(who: string, where: string, text: string, ...whom: readonly string[]): Promise<MessageRecord> {
    return messageOf(await this.do({ ...this.saying(who, where, text), mentions: whom.map(user) }));
  }

  async answer(who: string, where: string, replyTo: number, text: string): Promise<MessageRecord> {
    return messageOf(await this.do({ ...this.saying(who, where, text), replyTo }));
  }

  async edit(who: string, where: string, pos: number, text: string): Promise<MessageRecord> {
    return messageOf(await this.do({ type: 'message.edit', actor: user(who), room: room(where), pos, text }));
  }

  async delete(who: string, where: string, pos: number): Promise<MessageRecord> {
    return messageOf(await this.do({ type: 'message.delete', actor: user(who), room: room(where), pos }));
  }

  async join(who: string, where: string): Promise<readonly Change[]> {
    return this.do({ type: 'room.join', actor: user(who), room: room(where), verifiedHash: null });
  }

  async leave(who: string, where: string): Promise<readonly Change[]> {
    return this.do({ type: 'room.leave', actor: user(who), room: room(where) });
  }

  async kick(who: string, where: string, whom: string, ban: boolean): Promise<readonly Change[]> {
    return this.do({ type: 'room.kick', actor: user(who), room: room(where), user: user(whom), ban });
  }

  async unread(who: string, where: string, pos: number): Promise<readonly Change[]> {
    return this.do({ type: 'room.unread', actor: user(who), room: room(where), pos });
  }

  async read(who: string, where: string, pos: number): Promise<readonly Change[]> {
    return this.do({ type: 'room.read', actor: user(who), room: room(where), pos });
  }

  async readPos(who: string, where: string): Promise<number | undefined> {
    return (await this.store.member(room(where), user(who)))?.readPos;
  }

  /** Every message of a room, as history shows it. */
  async history(where: string): Promise<LogPage> {
    const page = await this.store.page(room(where), { type: 'after', pos: 0, limit: 100_000 });
    assert.ok(page, `no room ${where}`);
    return page;
  }

  /** The texts that a search finds, in its order. */
  async found(q: string, ...rooms: readonly string[]): Promise<string[]> {
    const messages = await this.store.search({ q, rooms: rooms.map(room), limit: 100 });
    return messages.map((message) => message.text);
  }
}

export function messageOf(changes: readonly Change[]): MessageRecord {
  const change = changes.find((it) => it.type === 'message');
  assert.ok(change, 'no message among the changes');
  return change.message;
}

/** A new world for a test, closed after it. */
export async function openWorld(open: OpenStore, context: TestContext): Promise<World> {
  const opened = await open();
  context.after(() => opened.close());
  return new World(opened);
}
