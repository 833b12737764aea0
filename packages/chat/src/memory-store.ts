import {
  type Epoch,
  type FileId,
  type InvitationCode,
  limits,
  type Pos,
  type Rev,
  type RoomId,
  SudaError,
  type UserId,
} from '@suda/protocol';
import type { RoomCommand } from './commands.ts';
import { decide, plan } from './decide.ts';
import type { Change } from './effects.ts';
import { isMember, type LogEntry, type MemoryRoom, MemoryState } from './memory-state.ts';
import type {
  FileRecord,
  GifRecord,
  InvitationRecord,
  MemberRecord,
  MessageRecord,
  PlaceRecord,
  RoomRecord,
  UserRecord,
} from './records.ts';
import { gramsOf, matches, matchOf, newestFirst, wordsOf } from './search-grams.ts';
import type { GifRequest, LogPage, MemberView, MessagePlace, Outcome, PageRequest, RoomView, SearchRequest, Store } from './store.ts';

/** What survives the store: everything that was committed, in commit order. A new store on the same disk goes on from there. */
export interface MemoryDisk {
  readonly log: LogEntry[];
}

export function newMemoryDisk(): MemoryDisk {
  return { log: [] };
}

export interface MemoryStoreOptions {
  /** Names the life of each new room's log; must never repeat. By default a counter with a random beginning. */
  readonly newEpoch?: () => Epoch;
  /**
   * How a commit happens. `apply` writes to the disk, at once and all of it; the commands are answered when the promise settles.
   * So a test may delay it; reject without `apply` (a full disk: nothing is kept); apply and then reject, or never settle (a crash
   * between the disk and the answer). While it is pending, later commands wait for the next commit.
   */
  readonly commit?: (apply: () => void) => Promise<void>;
}

interface Waiting {
  readonly command: RoomCommand;
  readonly now: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: SudaError) => void;
}

/**
 * The store in memory: the reference that says what the port means, in the plainest way. It keeps two states: `#working`, on which commands
 * are decided, and `#committed`, which reads see. Both come from the same log, so a failed commit is undone by reading the log again.
 */
export class MemoryStore implements Store {
  readonly #disk: MemoryDisk;
  readonly #newEpoch: () => Epoch;
  readonly #commit: (apply: () => void) => Promise<void>;
  readonly #committed: MemoryState;
  #working: MemoryState;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(disk: MemoryDisk = newMemoryDisk(), options: MemoryStoreOptions = {}) {
    this.#disk = disk;
    this.#newEpoch = options.newEpoch ?? epochs();
    this.#commit = options.commit ?? (async (apply) => apply());
    this.#committed = new MemoryState(disk.log);
    this.#working = new MemoryState(disk.log);
  }

  execute(command: RoomCommand, now: number): Promise<Outcome> {
    if (this.#closed) return Promise.reject(new SudaError('unavailable'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, now, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    await null; // So that commands given in the same tick share a commit.
    while (this.#waiting.length > 0) await this.#runBatch(this.#waiting.splice(0));
    this.#running = null;
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    const kept: LogEntry[] = [];
    const answers = batch.map(({ command, now }) => {
      try {
        return this.#decide(command, now, kept);
      } catch (cause) {
        this.#working = new MemoryState([...this.#disk.log, ...kept]);
        return Object.assign(new SudaError('internal'), { cause });
      }
    });
    try {
      if (kept.length > 0) await this.#commit(() => this.#write(kept));
    } catch (cause) {
      this.#working = new MemoryState(this.#disk.log);
      const error = cause instanceof SudaError ? cause : Object.assign(new SudaError('unavailable'), { cause });
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [i, { resolve, reject }] of batch.entries()) {
      const answer = answers[i];
      if (answer instanceof SudaError) reject(answer);
      else if (answer) resolve(answer);
    }
  }

  /** Decides on the working state and carries it out there. The entries go to `kept` only if all of them went well. */
  #decide(command: RoomCommand, now: number, kept: LogEntry[]): Outcome {
    const decision = decide(this.#working.facts(plan(command)), command, now);
    if (decision.status !== 'effects') return decision;
    const entries = decision.effects.map((effect): LogEntry => ({ effect, epoch: effect.type === 'room.put' ? this.#newEpoch() : '' }));
    const changes: Change[] = [];
    for (const entry of entries) {
      const change = this.#working.apply(entry);
      if (change) changes.push(change);
    }
    kept.push(...entries);
    return { status: 'done', changes };
  }

  #write(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      this.#disk.log.push(entry);
      this.#committed.apply(entry);
    }
  }

  /** What is committed, for a read. */
  #seen(): MemoryState {
    if (this.#closed) throw new SudaError('unavailable');
    return this.#committed;
  }

  async user(id: UserId): Promise<UserRecord | null> {
    return this.#seen().users.get(id) ?? null;
  }

  async room(id: RoomId): Promise<RoomRecord | null> {
    return this.#seen().rooms.get(id)?.record ?? null;
  }

  async member(room: RoomId, user: UserId): Promise<MemberRecord | null> {
    return this.#seen().member(room, user);
  }

  async members(id: RoomId): Promise<readonly MemberView[]> {
    const room = this.#seen().rooms.get(id);
    return room ? this.#views(room) : [];
  }

  async roomsOf(user: UserId): Promise<readonly RoomId[]> {
    return this.#seen()
      .roomsOf(user)
      .map((room) => room.record.id);
  }

  async roomView(id: RoomId, user: UserId, few: number): Promise<RoomView | null> {
    const room = this.#seen().rooms.get(id);
    return room ? this.#view(room, user, few) : null;
  }

  async roomViews(user: UserId, publicToo: boolean, few: number): Promise<readonly RoomView[]> {
    const mine = new Set(this.#seen().roomsOf(user));
    const shown = [...this.#seen().rooms.values()].filter((room) => mine.has(room) || (publicToo && room.record.kind === 'public'));
    return shown.map((room) => this.#view(room, user, few));
  }

  async ephemeralMembers(): Promise<readonly MemberRecord[]> {
    const rooms = [...this.#seen().rooms.values()].filter((room) => room.record.ephemeral);
    return rooms.flatMap((room) => [...room.members.values()].filter(isMember));
  }

  async place(): Promise<PlaceRecord> {
    return this.#seen().place;
  }

  async invitation(code: InvitationCode): Promise<InvitationRecord | null> {
    return this.#seen().invitations.get(code) ?? null;
  }

  async invitations(room: RoomId): Promise<readonly InvitationRecord[]> {
    return this.#seen().invitationsOf(room);
  }

  async changes(id: RoomId, after: Rev, limit: number): Promise<LogPage | null> {
    const room = this.#seen().rooms.get(id);
    if (!room) return null;
    const changed = room.messages.filter((message) => message.rev > after).sort((a, b) => a.rev - b.rev);
    return pageOf(room, changed.slice(0, limit));
  }

  async page(id: RoomId, request: PageRequest): Promise<LogPage | null> {
    const room = this.#seen().rooms.get(id);
    return room ? pageOf(room, cut(room.messages, request)) : null;
  }

  async search({ q, rooms, limit, before }: SearchRequest): Promise<readonly MessageRecord[]> {
    const parts = matchOf(q);
    return [...new Set(rooms)]
      .flatMap((id) => this.#seen().rooms.get(id)?.messages ?? [])
      .filter((message) => message.kind === 'text' && !message.deleted && matches(gramsOf(wordsOf(message)), parts))
      .filter((message) => before === undefined || newestFirst(before, message) < 0)
      .sort(newestFirst)
      .slice(0, limit);
  }

  async mentions(user: UserId, limit: number, before?: MessagePlace): Promise<readonly MessageRecord[]> {
    const state = this.#seen();
    return state
      .roomsOf(user)
      .flatMap((room) => room.messages.filter((message) => state.concernedBy(room, message).includes(user)))
      .filter((message) => before === undefined || newestFirst(before, message) < 0)
      .sort(newestFirst)
      .slice(0, limit);
  }

  async readableFile(id: FileId, user: UserId): Promise<FileRecord | null> {
    const state = this.#seen();
    const file = state.files.get(id) ?? null;
    const reads = (room: MemoryRoom) => {
      const member = room.members.get(user);
      return member !== undefined && isMember(member);
    };
    return file?.owner === user || state.isGif(id) || state.usesOf(id).some(reads) ? file : null;
  }

  async strayFiles(before: number, limit: number): Promise<readonly FileRecord[]> {
    const state = this.#seen();
    const isStray = ({ id, createdAt }: FileRecord) => createdAt < before && state.usesOf(id).length === 0 && !state.isGif(id);
    return [...state.files.values()].filter(isStray).slice(0, limit);
  }

  async gifs({ q, before, limit }: GifRequest): Promise<readonly GifRecord[]> {
    const parts = q === undefined ? null : matchOf(q);
    return [...this.#seen().gifs.values()]
      .filter((gif) => parts === null || matches(gramsOf(gif.words), parts))
      .filter((gif) => before === undefined || byRank(before, gif) < 0)
      .sort(byRank)
      .slice(0, limit);
  }

  async gifOf(hash: string): Promise<GifRecord | null> {
    return this.#seen().gifs.get(hash) ?? null;
  }

  async hasContent(hash: string): Promise<boolean> {
    return [...this.#seen().files.values()].some((file) => file.hash === hash);
  }

  /** Waits for the commands that were given. After that, everything is refused as `unavailable`. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #views(room: MemoryRoom): MemberView[] {
    return this.#committed.membersOf(room).flatMap((member) => {
      const user = this.#committed.users.get(member.user);
      return user ? [{ member, user }] : [];
    });
  }

  #view(room: MemoryRoom, user: UserId, few: number): RoomView {
    return {
      room: room.record,
      member: room.members.get(user) ?? null,
      last: room.messages.at(-1) ?? null,
      people: room.record.memberCount <= few ? this.#views(room).map((view) => view.user) : null,
      mentions: this.#unreadMentions(room, user),
    };
  }

  #unreadMentions(room: MemoryRoom, user: UserId): Pos[] {
    const member = room.members.get(user);
    if (!member || !isMember(member)) return [];
    const concerns = (message: MessageRecord) => this.#committed.concernedBy(room, message).includes(user);
    const unread = room.messages.slice(member.readPos).filter(concerns);
    return unread.slice(-limits.unreadMentions).map(({ pos }) => pos);
  }
}

function pageOf({ record }: MemoryRoom, messages: readonly MessageRecord[]): LogPage {
  return { epoch: record.epoch, head: record.head, pos: record.pos, messages };
}

function cut(messages: readonly MessageRecord[], request: PageRequest): readonly MessageRecord[] {
  const { limit } = request;
  const last = (list: readonly MessageRecord[], n: number) => list.slice(Math.max(0, list.length - n));
  switch (request.type) {
    case 'latest':
      return last(messages, limit);
    case 'before':
      return last(messages.slice(0, Math.max(0, request.pos - 1)), limit);
    case 'after':
      return messages.slice(Math.max(0, request.pos)).slice(0, limit);
    case 'around': {
      const half = Math.floor(limit / 2);
      return [...last(messages.slice(0, request.pos - 1), half), ...messages.slice(request.pos - 1).slice(0, limit - half)];
    }
  }
}

/** The highest first, then by file, so that no two stand in the same place. */
function byRank(a: Pick<GifRecord, 'rank' | 'file'>, b: Pick<GifRecord, 'rank' | 'file'>): number {
  if (a.rank !== b.rank) return b.rank - a.rank;
  return a.file === b.file ? 0 : a.file < b.file ? 1 : -1;
}

/** Epochs that differ between stores by a random beginning, and within one by counting. */
function epochs(): () => Epoch {
  const start = Math.random().toString(36).slice(2, 10);
  let count = 0;
  return () => `${start}${(count++).toString(36)}`;
}
