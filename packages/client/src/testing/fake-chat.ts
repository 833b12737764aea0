import type { ChangesPage, Member, Message, MessageEvent, ResetPage, RoomSummary, User } from '@suda/protocol';
import { SudaError } from '@suda/protocol/errors';

export type Said = Pick<Message, 'text'> & Partial<Pick<Message, 'clientId' | 'replyTo' | 'via'>>;

/** Ids of tests are well-formed; the brand is the wire's. */
export const roomId = (id: string): Message['room'] => id as Message['room'];
export const userOf = (name: string): User => ({ id: `u${name.toLowerCase()}` as User['id'], name, guest: true });

/** One room's log, as the server keeps it. */
export class FakeRoom {
  readonly id: string;
  epoch = 'e1';
  head = 0;
  messages: Message[] = [];
  readonly members = new Map<string, Member>();
  readonly banned = new Set<string>();
  /** Told of each change. */
  readonly listeners = new Set<(event: MessageEvent, name: 'message' | 'message.changed') => void>();
  resumeChanges = 2_000;
  pageSize = 50;

  constructor(id: string) {
    this.id = id;
  }

  join(user: User): void {
    if (this.members.has(user.id)) return;
    this.members.set(user.id, { user, role: 'member', joinedAt: 0, readPos: 0, online: true });
  }

  say(user: User, said: Said): Message {
    const known = said.clientId && this.messages.find((m) => m.clientId === said.clientId && m.sender?.id === user.id);
    if (known) return known;
    const { id, name } = user;
    const pos = this.messages.length + 1;
    const message: Message = { room: roomId(this.id), pos, rev: ++this.head, kind: 'text', sender: { id, name }, at: pos, ...said };
    this.messages.push(message);
    for (const tell of [...this.listeners]) tell(message, 'message');
    return message;
  }

  edit(pos: number, text: string): Message {
    return this.#change(pos, { text, editedAt: this.head });
  }

  delete(pos: number): Message {
    return this.#change(pos, { text: '', deleted: true });
  }

  #change(pos: number, patch: Partial<Message>): Message {
    const old = this.messages[pos - 1];
    if (!old) throw new SudaError('no_such_message');
    const message = { ...old, ...patch, rev: ++this.head };
    this.messages[pos - 1] = message;
    for (const tell of [...this.listeners]) tell(message, 'message.changed');
    return message;
  }

  /** The log was restored from a backup: another life. */
  restore(epoch: string, messages: number): void {
    this.epoch = epoch;
    this.messages = this.messages.slice(0, messages).map((message, index) => ({ ...message, rev: index + 1 }));
    this.head = messages;
  }

  since(rev: number): Message[] {
    return this.messages.filter((message) => message.rev > rev).sort((a, b) => a.rev - b.rev);
  }

  open(user: string, cursor?: { epoch: string; rev: number }): ChangesPage | ResetPage {
    const changes = cursor && cursor.epoch === this.epoch && cursor.rev <= this.head ? this.since(cursor.rev) : undefined;
    const common = { room: this.summary(user), epoch: this.epoch, head: this.head };
    if (changes && changes.length <= this.resumeChanges) return { ...common, changes };
    return { ...common, reset: true, messages: this.messages.slice(-this.pageSize) };
  }

  page(input: { before?: number; after?: number; around?: number; limit?: number }) {
    const limit = input.limit ?? this.pageSize;
    const end = this.messages.length;
    let from = Math.max(0, end - limit);
    if (input.before !== undefined) from = Math.max(0, input.before - 1 - limit);
    if (input.after !== undefined) from = input.after;
    if (input.around !== undefined) from = Math.max(0, input.around - 1 - Math.floor(limit / 2));
    const to = input.before === undefined ? from + limit : input.before - 1;
    return { messages: this.messages.slice(from, to), epoch: this.epoch, head: this.head, pos: end };
  }

  summary(user: string): RoomSummary {
    const member = this.members.get(user);
    const pos = this.messages.length;
    return {
      id: roomId(this.id),
      kind: 'public',
      name: this.id,
      owner: null,
      capacity: null,
      locked: false,
      ephemeral: false,
      memberCount: this.members.size,
      createdAt: 0,
      role: member ? member.role : null,
      epoch: this.epoch,
      head: this.head,
      pos,
      readPos: member?.readPos ?? 0,
      unread: pos - (member?.readPos ?? 0),
      last: this.messages.at(-1) ?? null,
    };
  }
}

/** A chat without a network: users, rooms and the commands that the tests need. */
export class FakeChat {
  readonly rooms = new Map<string, FakeRoom>();
  readonly users = new Map<string, User>();
  /** Refuses, if it throws. Asked before every command. */
  guard: (command: string, input: Record<string, unknown>, user: User | undefined) => void = () => {};
  /** Every command that was carried out. */
  readonly asked: { readonly command: string; readonly input: Record<string, unknown> }[] = [];
  guests = 0;

  room(id: string): FakeRoom {
    const room = this.rooms.get(id) ?? new FakeRoom(id);
    this.rooms.set(id, room);
    return room;
  }

  /** @param token of the one who asks */
  run(command: string, input: Record<string, unknown>, token: string | undefined): unknown {
    const user = token === undefined ? undefined : this.users.get(token);
    this.guard(command, input, user);
    this.asked.push({ command, input });
    if (command === 'ping') return {};
    if (command === 'hello') return this.#hello(input, token);
    if (!user) throw new SudaError('unauthenticated');
    if (command === 'room.list') return { rooms: [...this.rooms.values()].map((room) => room.summary(user.id)) };
    const room = this.rooms.get(String(input.room));
    if (!room) throw new SudaError('no_such_room');
    if (room.banned.has(user.id)) throw new SudaError('banned');
    return this.#inRoom(command, input, room, user);
  }

  #hello({ token, name }: Record<string, unknown>, carried: string | undefined): unknown {
    const given = String(token ?? carried ?? '');
    let user = this.users.get(given);
    let key = given;
    if (!user && token === undefined && typeof name === 'string') {
      this.guests++;
      user = userOf(name);
      key = `token-${name}`;
      this.users.set(key, user);
      for (const room of this.rooms.values()) room.join(user);
    }
    if (!user) throw new SudaError('unauthenticated');
    const { id } = user;
    const rooms = [...this.rooms.values()].filter((room) => room.members.has(id)).map((room) => room.summary(id));
    return { user, token: key, rooms, limits: {} };
  }

  #inRoom(command: string, input: Record<string, unknown>, room: FakeRoom, user: User): unknown {
    const { pos: position, rev: given, epoch, room: _room, text, ...rest } = input;
    const pos = Number(position);
    switch (command) {
      case 'room.open':
        return room.open(user.id, typeof epoch === 'string' ? { epoch, rev: Number(given) } : undefined);
      case 'room.members':
        return { members: [...room.members.values()] };
      case 'room.get':
        return room.summary(user.id);
      case 'message.list': {
        const numbers = Object.fromEntries(Object.entries(rest).map(([key, field]) => [key, Number(field)]));
        return room.page(numbers);
      }
      case 'message.send': {
        const { rev, pos: at } = room.say(user, { ...(rest as Omit<Said, 'text'>), text: String(text) });
        return { pos: at, rev, at };
      }
      case 'message.edit': {
        const { rev } = room.edit(pos, String(text));
        return { pos, rev, at: pos };
      }
      case 'message.delete': {
        const { rev } = room.delete(pos);
        return { pos, rev, at: pos };
      }
      case 'room.read': {
        const member = room.members.get(user.id);
        if (member) room.members.set(user.id, { ...member, readPos: Math.max(member.readPos, pos) });
        return { readPos: pos };
      }
      default:
        return {};
    }
  }
}
