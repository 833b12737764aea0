import { join, resolve } from 'node:path';
import type {
  FileRecord,
  GifRequest,
  LogPage,
  MemberView,
  MessagePlace,
  MessageRecord,
  PageRequest,
  RoomView,
  SearchRequest,
  Store,
} from '@suda/chat';
import type { FileId, InvitationCode, Rev, RoomId, UserId } from '@suda/protocol';
import type { ReaderData, Reading, ReadRequest } from './reader.ts';
import { Thread } from './thread.ts';

/** The database's name in its data folder. */
export const databaseFile = 'suda.db';

export interface SqliteReadsOptions {
  /** The data folder of a store that is open, in this process or another one. */
  readonly folder: string;
  /** Memory for pages, in MiB. 64 unless told. */
  readonly cacheMiB?: number;
  /** Hears, in sentences for the log, what an operator should know. */
  readonly report?: (sentence: string) => void;
}

/** What a store answers, without what changes it. Its worker sees every commit that was acknowledged before it was asked, whoever made it. */
export class SqliteReads implements Omit<Store, 'execute'> {
  readonly #reader: Thread<ReadRequest, unknown>;

  constructor(reader: Thread<ReadRequest, unknown>) {
    this.#reader = reader;
  }

  user(id: UserId) {
    return this.#read('user', id);
  }

  room(id: RoomId) {
    return this.#read('room', id);
  }

  member(room: RoomId, user: UserId) {
    return this.#read('member', room, user);
  }

  members(room: RoomId): Promise<readonly MemberView[]> {
    return this.#read('members', room);
  }

  roomsOf(user: UserId): Promise<readonly RoomId[]> {
    return this.#read('roomsOf', user);
  }

  roomView(room: RoomId, user: UserId, few: number): Promise<RoomView | null> {
    return this.#read('roomView', room, user, few);
  }

  roomViews(user: UserId, publicToo: boolean, few: number): Promise<readonly RoomView[]> {
    return this.#read('roomViews', user, publicToo, few);
  }

  ephemeralMembers() {
    return this.#read('ephemeralMembers');
  }

  changes(room: RoomId, after: Rev, limit: number): Promise<LogPage | null> {
    return this.#read('changes', room, after, limit);
  }

  page(room: RoomId, request: PageRequest): Promise<LogPage | null> {
    return this.#read('page', room, request);
  }

  search(request: SearchRequest) {
    return this.#read('search', request);
  }

  place() {
    return this.#read('place');
  }

  invitation(code: InvitationCode) {
    return this.#read('invitation', code);
  }

  invitations(room: RoomId) {
    return this.#read('invitations', room);
  }

  mentions(user: UserId, limit: number, before?: MessagePlace): Promise<readonly MessageRecord[]> {
    return this.#read('mentions', user, limit, before);
  }

  readableFile(file: FileId, user: UserId): Promise<FileRecord | null> {
    return this.#read('readableFile', file, user);
  }

  strayFiles(before: number, limit: number): Promise<readonly FileRecord[]> {
    return this.#read('strayFiles', before, limit);
  }

  gifs(request: GifRequest) {
    return this.#read('gifs', request);
  }

  gifOf(hash: string) {
    return this.#read('gifOf', hash);
  }

  hasContent(hash: string): Promise<boolean> {
    return this.#read('hasContent', hash);
  }

  /** Waits for what was asked, and ends the worker. */
  close(): Promise<void> {
    return this.#reader.close();
  }

  #read<K extends keyof Reading>(...request: readonly [K, ...Parameters<Reading[K]>]): Promise<ReturnType<Reading[K]>> {
    return this.#reader.ask(request as unknown as ReadRequest) as Promise<ReturnType<Reading[K]>>;
  }
}

export const startReader = (data: ReaderData, report: (sentence: string) => void): Promise<Thread<ReadRequest, unknown>> =>
  Thread.start<ReadRequest, unknown>(new URL('./reader.ts', import.meta.url), data, report);

/** Reads along in the folder of a store that another process has opened, for as long as that one has it. */
export async function openSqliteReads({ folder, cacheMiB = 64, report = () => {} }: SqliteReadsOptions): Promise<SqliteReads> {
  return new SqliteReads(await startReader({ file: join(resolve(folder), databaseFile), cacheMiB }, report));
}
