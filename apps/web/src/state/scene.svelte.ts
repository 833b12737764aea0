import type { OutboxEntry, RoomHandle, RoomState } from '@suda/client';
import type { Attachment, Message, Sender, UserId } from '@suda/protocol';
import { untrack } from 'svelte';
import type { Named } from '../lib/markup/names.ts';
import { mentionsIn, namesIn } from '../lib/mentions.ts';
import { isPicture } from '../lib/pictures.ts';
import { unreadCounter } from '../lib/read-by.ts';
import { byRecency, peerIdOf } from '../lib/rooms.ts';
import { type Row, rowBuilder, type SaidRow } from '../lib/rows.ts';
import { whispersRead, withWhispers } from '../lib/whispers.ts';
import { observeByFrame } from './observe.svelte.ts';
import { preferences } from './preferences.svelte.ts';
import { Quotes } from './quotes.svelte.ts';
import { Reading } from './reading.svelte.ts';
import { drafts, session, suda } from './session.svelte.ts';
import { type Tray, trayOf } from './tray.svelte.ts';
import type { Seen } from './viewer.svelte.ts';

/** Direct rooms kept open beside a room, for their whispers. */
const openDirects = 30;

const none: readonly never[] = [];

/** What one says stands there with the very next frame. */
const isOwn = (before: RoomState, after: RoomState): boolean => before.outbox !== after.outbox;

export interface WhisperTarget {
  readonly user: Sender;
  /** The direct room, once the server has named it. */
  readonly room: Promise<string>;
}

interface Open {
  readonly handle: RoomHandle;
  readonly state: { readonly current: RoomState };
  readonly release: () => void;
}

/** One room as the page shows it: its messages with the whispers said in it, and what the person is about to do there. */
export class Scene {
  readonly id: string;
  readonly handle: RoomHandle;
  readonly quotes = new Quotes();
  readonly tray: Tray;
  readonly reading = new Reading();
  readonly #state: { readonly current: RoomState };
  #directs = $state.raw<ReadonlyMap<string, Open>>(new Map());
  /** Direct rooms that I began to whisper in, before they stand in the list. */
  #wanted = $state.raw<readonly string[]>([]);
  readonly #rows = rowBuilder();

  answering = $state.raw<SaidRow | null>(null);
  whispering = $state.raw<WhisperTarget | null>(null);
  editing = $state<string | null>(null);
  /** When the messages last moved: the time stamp of that event. */
  scrolledAt = Number.NEGATIVE_INFINITY;
  active = $state<string | null>(null);
  /** Who is here, beside the messages: from the beginning where there is room for it. */
  panel = $state(matchMedia('(min-width: 1180px)').matches);
  /** Whose entry in the panel is unfolded. */
  person = $state<string | null>(null);

  constructor(id: string) {
    this.id = id;
    this.handle = suda.room(id);
    this.tray = trayOf(session.me?.id ?? '', id);
    this.#state = observeByFrame(this.handle, isOwn);
  }

  get state(): RoomState {
    return this.#state.current;
  }
  get room() {
    return this.state.room ?? session.rooms.find((room) => room.id === this.id) ?? null;
  }
  get owned(): boolean {
    return this.room?.owner != null && this.room.owner === session.me?.id;
  }

  /** The direct rooms in which whispers of this room may be: mine with the people who are here. */
  readonly #directIds: readonly string[] = $derived.by(() => {
    const me = session.me?.id;
    if (me === undefined || this.room?.kind === 'direct') return [];
    const here = new Set<string>(this.state.members.map((member) => member.user.id));
    const mine = session.rooms.filter((room) => room.kind === 'direct' && here.has(peerIdOf(room.id, me) ?? ''));
    const ids = [...mine]
      .sort(byRecency)
      .slice(0, openDirects)
      .map((room) => room.id as string);
    return [...new Set([...ids, ...this.#wanted])];
  });

  readonly rows: readonly Row[] = $derived.by(() => {
    const { me } = session;
    const { messages, outbox, hasOlder, atLatest } = this.state;
    if (!me) return [];
    const directs = [...this.#directs.values()].map((direct) => direct.state.current);
    const waiting: OutboxEntry[] = [...outbox.filter((entry) => entry.via === undefined)];
    for (const direct of directs) waiting.push(...direct.outbox.filter((entry) => entry.via === this.id));
    if (directs.length > 0) waiting.sort((a, b) => a.createdAt - b.createdAt);
    return this.#rows({
      room: this.id,
      me,
      messages: withWhispers(
        this.id,
        messages,
        directs.map((direct) => direct.messages),
        { hasOlder, atLatest },
      ),
      outbox: atLatest ? waiting : [],
      line: this.reading.line,
    });
  });

  readonly #notReadHere = $derived(preferences.readCounts ? unreadCounter(this.state.members, session.me?.id ?? '') : null);

  /** Counts who has not read a message of this room, or of a direct room beside it; null where that is not shown. */
  notReadBy(room: string): ((pos: number, sender: string) => number) | null {
    if (room === this.id) return this.#notReadHere;
    const direct = preferences.readCounts ? this.#directs.get(room) : undefined;
    return direct ? unreadCounter(direct.state.current.members, session.me?.id ?? '') : null;
  }

  /** A message of the window, or of a direct room beside it. */
  messageAt(room: string, pos: number): Message | undefined {
    const state = room === this.id ? this.state : this.#directs.get(room)?.state.current;
    // A window has no holes.
    return state?.messages[pos - (state.messages[0]?.pos ?? 0)];
  }

  /** Opens the room and, as they come and go, its direct rooms. Call while a component is set up. */
  run(): void {
    $effect(() => this.handle.open());
    // Made unread here or on another device: then nothing is read here either until one comes back.
    $effect(() =>
      suda.on('read', ({ room, user, pos, back }) => {
        if (!back || user !== session.me?.id) return;
        if (room === this.id) this.reading.unreadFrom(pos + 1);
        else if (this.#directs.has(room)) this.reading.held = true;
      }),
    );
    $effect(() => {
      const wanted = this.#directIds;
      untrack(() => this.#keepOpen(new Set(wanted)));
    });
    $effect(() => () => {
      for (const open of this.#directs.values()) open.release();
      this.quotes.stop();
    });
  }

  #keepOpen(wanted: ReadonlySet<string>): void {
    const before = this.#directs;
    if (before.size === wanted.size && [...wanted].every((id) => before.has(id))) return;
    for (const [id, open] of before) if (!wanted.has(id)) open.release();
    this.#directs = new Map(
      Array.from(wanted, (id) => {
        const handle = suda.room(id);
        return [id, before.get(id) ?? { handle, state: observeByFrame(handle, isOwn), release: handle.open() }];
      }),
    );
  }

  /** The whispers that were said here, as far back as the room's own messages go. */
  async whispersAsFarBack(): Promise<void> {
    const first = this.handle.get().messages[0]?.at;
    if (first === undefined) return;
    for (const { handle } of this.#directs.values()) {
      for (let pages = 0; pages < 5; pages += 1) {
        const { messages, hasOlder } = handle.get();
        if (!hasOlder || (messages[0]?.at ?? first) <= first) break;
        await handle.loadOlder();
      }
    }
  }

  /** From this message on, of this room or a whisper's, it is unread again, here and on my other devices. @throws SudaClientError */
  async unreadFrom(room: string, pos: number): Promise<void> {
    if (room === this.id) this.reading.unreadFrom(pos);
    else this.reading.held = true;
    await suda.command('room.unread', { room, pos });
  }

  /** What was seen has been read: up to this pos. */
  readTo(pos: number): void {
    if (!this.reading.held && pos > (this.room?.readPos ?? 0)) this.handle.read(pos);
  }

  /** What is shown to the end has been read. */
  read(): void {
    if (this.reading.held) return;
    this.readTo(this.state.messages.at(-1)?.pos ?? 0);
    for (const { handle, state } of this.#directs.values()) {
      const { messages, room } = state.current;
      const pos = room ? whispersRead(this.id, messages, room.readPos) : null;
      if (pos !== null) handle.read(pos);
    }
  }

  answer(row: SaidRow): void {
    this.editing = null;
    if (row.whisper) this.whisperTo(this.peerOf(row));
    else this.whispering = null;
    this.answering = row;
  }

  whisperTo(user: Sender): void {
    if (this.answering && (!this.answering.whisper || this.peerOf(this.answering).id !== user.id)) this.answering = null;
    if (this.whispering?.user.id === user.id) return;
    const room = suda.command('direct.open', { user: user.id }).then(({ id }) => {
      if (!this.#wanted.includes(id)) this.#wanted = [...this.#wanted, id];
      return id as string;
    });
    room.catch(() => {});
    this.whispering = { user, room };
  }

  /** The other person of a whisper. */
  peerOf(row: SaidRow): Sender {
    if (!row.mine) return row.sender;
    const id = peerIdOf(row.room, session.me?.id ?? '');
    const member = this.state.members.find((one) => one.user.id === id);
    const known = session.rooms.find((room) => room.id === row.room)?.people?.find((one) => one.id === id);
    return { id: (id ?? row.sender.id) as Sender['id'], name: member?.user.name ?? known?.name ?? '…' };
  }

  /** Says it here, or whispers it. @throws SudaClientError when a whisper's room could not be opened */
  async send(text: string, files: readonly File[] = [], attachments: readonly Attachment[] = []): Promise<void> {
    const { answering, whispering } = this;
    this.answering = null;
    const rest = { ...(answering?.pos == null ? {} : { replyTo: answering.pos }), files, ...(attachments.length > 0 && { attachments }) };
    if (!whispering) {
      this.handle.send(text, { ...rest, ...this.mentions(text) });
      return;
    }
    try {
      suda.room(await whispering.room).send(text, { ...rest, via: this.id });
    } catch (error) {
      if (this.whispering === whispering) this.whispering = null;
      throw error;
    }
  }

  /** Remembers whom one picked from the list of names, as long as the draft is there. */
  pick(name: string, id: string): void {
    drafts.pick(session.me?.id ?? '', this.id, name, id);
  }

  /** Whom a message names: as the server has it, or while it is on its way, as I meant it. */
  named(row: SaidRow): readonly Named[] {
    if (row.message || row.clientId === null) return row.message?.mentions ?? none;
    const ids = this.state.outbox.find(({ clientId }) => clientId === row.clientId)?.mentions ?? none;
    return this.#members.filter(({ id }) => ids.includes(id));
  }
  get #members(): readonly Named[] {
    return this.state.members.map(({ user }) => user);
  }

  /**
   * Goes along with a text, for those whom it names: as many as the server takes.
   * @param edited whom it named before is still meant by the name of then
   */
  mentions(text: string, edited?: SaidRow): { mentions?: UserId[] } {
    const before = edited?.message?.mentions ?? [];
    const picked = new Map([
      ...before.map(({ id, name }): [string, string] => [name, id]),
      ...drafts.picked(session.me?.id ?? '', this.id),
    ]);
    const here = this.#members;
    const ids = mentionsIn(text, namesIn(here, picked)) as UserId[];
    // Right after a reload, or without a connection, nobody is known yet: then the server looks for the names itself.
    if (here.length === 0 && ids.length === 0) return {};
    return { mentions: ids.slice(0, session.limits.mentionsPerMessage) };
  }

  /** Every picture that is shown here, in reading order. */
  pictures(): Seen[] {
    return this.rows.flatMap((row) =>
      row.kind === 'said' ? row.attachments.filter(isPicture).map((picture) => ({ picture, sender: row.sender })) : [],
    );
  }

  /** The last message that one may edit. */
  lastOwn(): SaidRow | null {
    const row = this.rows.findLast((one) => one.kind === 'said' && one.mine && one.message && !one.message.deleted);
    return row?.kind === 'said' ? row : null;
  }
}
