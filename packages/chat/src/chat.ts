import {
  type Attachment,
  type CommandInput,
  type CommandOutput,
  directRoomId,
  type ErrorCode,
  type FileId,
  type Invitation,
  type InvitationCode,
  type InvitationView,
  limits,
  type Place,
  type Pos,
  type Preview,
  type RoomId,
  type RoomSummary,
  SudaError,
  type User,
  type UserId,
} from '@suda/protocol';
import type { Bus } from './bus.ts';
import type { RoomCommand } from './commands.ts';
import type { Change } from './effects.ts';
import type { FileRecord, InvitationRecord, MessageRecord } from './records.ts';
import { holds } from './rules/invitations.ts';
import type { LogPage, MessagePlace, Outcome, PageRequest, RoomView, Store } from './store.ts';
import { defaultNotify, mayKnow, toGif, toInvitation, toMessage, toRoom, toSummary, toUser } from './views.ts';

/** How room passwords are kept: never as they are. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
}

export interface ChatOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly passwords: Passwords;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new random id beginning with this letter. */
  readonly newId: (prefix: 'u' | 'r' | 'f' | 'i') => string;
  /** Told what this very process committed, and why, after the bus. */
  readonly onDone?: (command: RoomCommand, changes: readonly Change[]) => void;
}

/** Up to so many members are named in a room's summary. */
const FEW = 8;
/** How long an invitation holds unless it is said: a week, in seconds. */
const WEEK = 7 * 24 * 3600;
/** What no hash is: the given password did not match. */
const WRONG = 'wrong';

/**
 * What people do, as calls: each checks by its rule, is on disk when it resolves, and has told the bus.
 * Refusals are thrown as `SudaError`.
 */
export class Chat {
  readonly store: Store;
  readonly bus: Bus;
  readonly #passwords: Passwords;
  readonly #now: () => number;
  readonly #newId: ChatOptions['newId'];
  readonly #onDone: ChatOptions['onDone'];

  constructor({ store, bus, passwords, now, newId, onDone }: ChatOptions) {
    this.store = store;
    this.bus = bus;
    this.#passwords = passwords;
    this.#now = now;
    this.#newId = newId;
    this.#onDone = onDone;
  }

  /** Executes one command and tells the bus what changed. Commands to one room take effect in the order of these calls. */
  async execute(command: RoomCommand): Promise<Outcome> {
    const outcome = await this.store.execute(command, this.#now());
    if (outcome.status === 'refused') throw new SudaError(outcome.code, outcome.message);
    if (outcome.status === 'done' && outcome.changes.length > 0) {
      this.bus.publish(outcome.changes);
      this.#onDone?.(command, outcome.changes);
    }
    return outcome;
  }

  async createUser(name: string, guest = true): Promise<User> {
    const id = this.#newId('u') as UserId;
    await this.execute({ type: 'user.create', actor: id, name, guest });
    return { id, name, guest };
  }

  async user(id: UserId): Promise<User | null> {
    const user = await this.store.user(id);
    return user === null ? null : toUser(user);
  }

  async rename(actor: UserId, name: string): Promise<User> {
    await this.execute({ type: 'user.rename', actor, name });
    const user = await this.user(actor);
    if (user === null) throw new SudaError('unauthenticated');
    return user;
  }

  async rooms(actor: UserId, publicToo: boolean): Promise<RoomSummary[]> {
    return (await this.store.roomViews(actor, publicToo, FEW)).map(toSummary);
  }

  async createRoom(actor: UserId, input: CommandInput<'room.create'>): Promise<RoomSummary> {
    const { name, kind, capacity = null, password, ephemeral = false } = input;
    const room = this.#newId('r') as RoomId;
    const passwordHash = password === undefined ? null : await this.#passwords.hash(password);
    await this.execute({ type: 'room.create', actor, room, name, kind, capacity, passwordHash, ephemeral });
    return this.room(actor, room);
  }

  /** Makes sure that a public room without an owner is there. */
  async foundRoom(room: RoomId, name: string): Promise<void> {
    await this.execute({ type: 'room.found', actor: 'system' as UserId, room, name });
  }

  async room(actor: UserId, room: RoomId): Promise<RoomSummary> {
    const view = await this.store.roomView(room, actor, FEW);
    if (view === null || !mayKnow(view)) throw new SudaError('no_such_room');
    return toSummary(view);
  }

  async updateRoom(actor: UserId, input: CommandInput<'room.update'>): Promise<CommandOutput<'room.update'>> {
    const { room, password, name, kind, capacity, ephemeral } = input;
    const passwordHash = typeof password === 'string' ? await this.#passwords.hash(password) : password;
    await this.execute({
      type: 'room.update',
      actor,
      room,
      ...(name === undefined ? {} : { name }),
      ...(kind === undefined ? {} : { kind }),
      ...(capacity === undefined ? {} : { capacity }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      ...(ephemeral === undefined ? {} : { ephemeral }),
    });
    const record = await this.store.room(room);
    if (record === null) throw new SudaError('no_such_room');
    return toRoom(record);
  }

  /** The password is checked here, where it may take its time; the rule then checks that it is still the room's. */
  async join(actor: UserId, { room, password }: CommandInput<'room.join'>): Promise<RoomSummary> {
    let verifiedHash: string | null = null;
    if (password !== undefined) {
      const hash = (await this.store.room(room))?.passwordHash ?? null;
      if (hash !== null) verifiedHash = (await this.#passwords.verify(password, hash)) ? hash : WRONG;
    }
    await this.execute({ type: 'room.join', actor, room, verifiedHash });
    return this.room(actor, room);
  }

  /** Who may was found out before; here only whether there is a keeper already. @throws SudaError `not_keeper` */
  async claimPlace(actor: UserId, name?: string): Promise<Place> {
    await this.execute({ type: 'place.claim', actor, ...(name === undefined ? {} : { name }) });
    return this.store.place();
  }

  async namePlace(actor: UserId, name: string): Promise<Place> {
    await this.execute({ type: 'place.update', actor, name });
    return this.store.place();
  }

  async createInvitation(actor: UserId, input: CommandInput<'invitation.create'>): Promise<Invitation> {
    const { room, expiresIn = WEEK, uses = null } = input;
    const code = this.#newId('i') as InvitationCode;
    const createdAt = this.#now();
    const expiresAt = expiresIn === null ? null : createdAt + expiresIn * 1000;
    const invitation: InvitationRecord = { code, room, by: actor, createdAt, expiresAt, uses, used: 0 };
    await this.execute({ type: 'invitation.create', actor, room, invitation });
    return this.#shown(invitation);
  }

  /** Those that hold: all of them for the owner, one's own for anyone else. */
  async invitations(actor: UserId, room: RoomId): Promise<Invitation[]> {
    const view = await this.readable(actor, room);
    const all = await this.store.invitations(room);
    const mine = view.member?.role === 'owner' ? all : all.filter(({ by }) => by === actor);
    const held = await Promise.all(mine.map(async (one) => holds(one, view.room, await this.store.member(room, one.by), this.#now())));
    return Promise.all(mine.filter((_, i) => held[i]).map((one) => this.#shown(one)));
  }

  /** Where an invitation leads, for whoever holds it. @throws SudaError `no_such_invitation` */
  async invitation(code: InvitationCode): Promise<Omit<InvitationView, 'place'>> {
    const invitation = await this.#invitation(code);
    const [room, maker] = await Promise.all([this.store.room(invitation.room), this.store.member(invitation.room, invitation.by)]);
    if (room === null || !holds(invitation, room, maker, this.#now())) throw new SudaError('no_such_invitation');
    const { id, kind, name, memberCount } = room;
    return { room: { id, kind, name, memberCount }, by: (await this.#shown(invitation)).by };
  }

  async acceptInvitation(actor: UserId, code: InvitationCode): Promise<RoomSummary> {
    const { room, by } = await this.#invitation(code);
    await this.execute({ type: 'invitation.accept', actor, room, by, code });
    return this.room(actor, room);
  }

  async revokeInvitation(actor: UserId, code: InvitationCode): Promise<void> {
    const { room } = await this.#invitation(code);
    await this.execute({ type: 'invitation.revoke', actor, room, code });
  }

  async #invitation(code: InvitationCode): Promise<InvitationRecord> {
    const invitation = await this.store.invitation(code);
    if (invitation === null) throw new SudaError('no_such_invitation');
    return invitation;
  }

  async #shown(invitation: InvitationRecord): Promise<Invitation> {
    const maker = await this.store.user(invitation.by);
    if (maker === null) throw new SudaError('no_such_invitation');
    return toInvitation(invitation, maker);
  }

  async openDirect(actor: UserId, user: UserId): Promise<RoomSummary> {
    const room = directRoomId(actor, user);
    await this.execute({ type: 'direct.open', actor, room, user });
    return this.room(actor, room);
  }

  /** Anything that is done to a message. @returns where it stands */
  async toMessage(command: Extract<RoomCommand, { type: `message.${string}` }>): Promise<CommandOutput<'message.send'>> {
    const outcome = await this.execute(command);
    const message = outcome.status === 'duplicate' ? outcome.message : outcome.status === 'done' ? messageOf(outcome.changes) : undefined;
    if (message === undefined) throw new SudaError('internal');
    const { pos, at } = message;
    return { pos, rev: command.type === 'message.send' ? message.firstRev : message.rev, at };
  }

  async unread(actor: UserId, { room, pos }: CommandInput<'room.unread'>): Promise<{ readPos: number }> {
    await this.execute({ type: 'room.unread', actor, room, pos });
    return { readPos: (await this.store.member(room, actor))?.readPos ?? 0 };
  }

  async read(actor: UserId, { room, pos }: CommandInput<'room.read'>): Promise<{ readPos: number }> {
    await this.execute({ type: 'room.read', actor, room, pos });
    return { readPos: (await this.store.member(room, actor))?.readPos ?? 0 };
  }

  async notify(actor: UserId, input: CommandInput<'room.notify'>): Promise<CommandOutput<'room.notify'>> {
    const { room, notify, muted } = input;
    await this.execute({
      type: 'room.notify',
      actor,
      room,
      ...(notify === undefined ? {} : { notify }),
      ...(muted === undefined ? {} : { muted }),
    });
    const { room: record, member } = await this.readable(actor, room);
    return { notify: member?.notify ?? defaultNotify(record.kind), muted: member?.muted ?? false };
  }

  /**
   * The room as this user may read it now (P7).
   * @throws SudaError `no_such_room`, `not_member`, `banned`
   */
  async readable(actor: UserId, room: RoomId): Promise<RoomView> {
    const view = await this.store.roomView(room, actor, FEW);
    const refusal = refusalToRead(view);
    if (view === null || refusal !== null) throw new SudaError(refusal ?? 'no_such_room');
    return view;
  }

  /**
   * Asked after a read, before it is told: who was removed in the meantime doesn't learn what was said since (P7).
   * @throws SudaError `not_member`, `banned`
   */
  async stillInside(actor: UserId, room: RoomId): Promise<void> {
    const member = await this.store.member(room, actor);
    if (member === null || member.role === 'banned') throw new SudaError(member === null ? 'not_member' : 'banned');
  }

  async history(actor: UserId, input: CommandInput<'message.list'>): Promise<CommandOutput<'message.list'>> {
    await this.readable(actor, input.room);
    const { limit = limits.defaultPageSize, before, after, around } = input;
    const request: PageRequest =
      before !== undefined
        ? { type: 'before', pos: before, limit }
        : after !== undefined
          ? { type: 'after', pos: after, limit }
          : around !== undefined
            ? { type: 'around', pos: around, limit }
            : { type: 'latest', limit };
    const page = await this.store.page(input.room, request);
    if (page === null) throw new SudaError('no_such_room');
    await this.stillInside(actor, input.room);
    return { messages: page.messages.map(toMessage), epoch: page.epoch, head: page.head, pos: page.pos };
  }

  /** Newest first. `next` names the last one found, so that the following page begins right after it. */
  async search(actor: UserId, input: CommandInput<'message.search'>): Promise<CommandOutput<'message.search'>> {
    if (input.room !== undefined) await this.readable(actor, input.room);
    const rooms = input.room === undefined ? await this.store.roomsOf(actor) : [input.room];
    const { limit = 20 } = input;
    const before = placeOf(input.before);
    const found = await this.store.search({ q: input.q, rooms, limit: limit + 1, ...(before === undefined ? {} : { before }) });
    return this.#found(actor, found, limit);
  }

  /** What concerns me, newest first, paged like a search. */
  async mentions(actor: UserId, { before, limit = 20 }: CommandInput<'mention.list'>): Promise<CommandOutput<'mention.list'>> {
    return this.#found(actor, await this.store.mentions(actor, limit + 1, placeOf(before)), limit);
  }

  async #found(actor: UserId, found: readonly MessageRecord[], limit: number): Promise<CommandOutput<'message.search'>> {
    const page = found.slice(0, limit);
    const last = page.at(-1);
    // As in `stillInside`: a room that was lost during the search says nothing.
    const mine = new Set(await this.store.roomsOf(actor));
    const messages = page.filter((message) => mine.has(message.room)).map(toMessage);
    return found.length > limit && last ? { messages, next: `${last.at}.${last.room}.${last.pos}` } : { messages };
  }

  /**
   * Makes someone's a file whose bytes are on disk.
   * @param hash SHA-256 of the bytes, in hexadecimal
   * @throws SudaError `too_many_files`
   */
  async putFile(actor: UserId, hash: string, what: Omit<Attachment, 'id'>): Promise<Attachment> {
    const id = this.#newId('f') as FileId;
    const attachment = { id, ...what };
    await this.execute({ type: 'file.put', actor, file: { id, owner: actor, hash, createdAt: this.#now(), attachment } });
    return attachment;
  }

  /**
   * Puts a preview on a message, if it is still that of its first address.
   * @param picture what there is to see, whose bytes are on disk under `hash`; it becomes a file that nobody but the message has
   */
  async putPreview(
    room: RoomId,
    pos: Pos,
    preview: Preview,
    picture: { hash: string; what: Omit<Attachment, 'id'> } | null,
  ): Promise<void> {
    const actor = 'system' as UserId;
    if (picture === null) {
      await this.execute({ type: 'message.preview', actor, room, pos, preview, file: null });
      return;
    }
    const attachment = { id: this.#newId('f') as FileId, ...picture.what };
    const file = { id: attachment.id, owner: actor, hash: picture.hash, createdAt: this.#now(), attachment };
    await this.execute({ type: 'message.preview', actor, room, pos, preview: { ...preview, picture: attachment }, file });
  }

  /** A file, for who may read it now (P7). @throws SudaError `no_such_file` */
  async file(actor: UserId, file: FileId): Promise<FileRecord> {
    const found = await this.store.readableFile(file, actor);
    if (found === null) throw new SudaError('no_such_file');
    return found;
  }

  /** Of the library that is everyone's. */
  async gifs({ q, before, limit = limits.gifPage }: CommandInput<'gif.list'>): Promise<CommandOutput<'gif.list'>> {
    const [rank, file] = (before ?? '').split('.');
    const after = rank && file ? { before: { rank: Number(rank), file: file as FileId } } : {};
    const found = await this.store.gifs({ ...(q === undefined ? {} : { q }), ...after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { gifs: page.map(toGif), ...(found.length > limit && last ? { next: `${last.rank}.${last.file}` } : {}) };
  }

  async addGif(actor: UserId, { file, words }: CommandInput<'gif.add'>): Promise<CommandOutput<'gif.add'>> {
    await this.execute({ type: 'gif.add', actor, file, words });
    const { hash, attachment } = await this.file(actor, file);
    const gif = await this.store.gifOf(hash);
    return gif === null ? { file: attachment, words, by: actor } : toGif(gif);
  }

  /** The latest page of a room, which begins a timeline. */
  async latest(room: RoomId): Promise<LogPage> {
    const page = await this.store.page(room, { type: 'latest', limit: limits.defaultPageSize });
    if (page === null) throw new SudaError('no_such_room');
    return page;
  }
}

/** The place that `next` of a page named. */
function placeOf(next: string | undefined): MessagePlace | undefined {
  const [at, room, pos] = (next ?? '').split('.');
  return at && room && pos ? { at: Number(at), room: room as RoomId, pos: Number(pos) } : undefined;
}

function messageOf(changes: readonly Change[]): MessageRecord | undefined {
  for (const change of changes) if (change.type === 'message') return change.message;
  return undefined;
}

function refusalToRead(view: RoomView | null): ErrorCode | null {
  if (view === null || !mayKnow(view)) return 'no_such_room';
  if (view.member === null) return 'not_member';
  return view.member.role === 'banned' ? 'banned' : null;
}
