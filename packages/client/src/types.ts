import type {
  Attachment,
  CommandName,
  CommandOutput,
  CommandRequest,
  EventData,
  EventName,
  Limits,
  Member,
  Message,
  ResetPage,
  RoomSummary,
  Sender,
  User,
  WireError,
} from '@suda/protocol';
import type { Clock } from './clock.ts';
import type { Dialers } from './dialers.ts';

/**
 * A value that changes. The contract is that of Svelte stores: `subscribe` calls back at once and then on every change.
 * The values are immutable: a change is another object.
 */
export interface Observable<T> {
  /** The value now. */
  get(): T;
  /** @returns a function that ends the subscription */
  subscribe(run: (value: T) => void): () => void;
}

/** How bytes travel between this client and the server. */
export type TransportName = 'websocket' | 'sse' | 'polling';

/** Where the connection stands. Times are milliseconds by the client's own clock. */
export type ConnectionState =
  /** Created and not connected, or signed out. */
  | { readonly state: 'idle' }
  /** Dialling; `attempt` counts from 0 since the connection last stood. */
  | { readonly state: 'connecting'; readonly transport: TransportName; readonly attempt: number }
  | { readonly state: 'online'; readonly transport: TransportName }
  /** Lost; the next try comes at `retryAt`. Without a connection since `since`. */
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly since: number }
  /** The browser says that there is no network. */
  | { readonly state: 'offline'; readonly since: number }
  /** The server does not want this client as it is: it needs a name or another token. `connect()` tries again. */
  | { readonly state: 'refused'; readonly error: WireError }
  /** After `close()`. Final. */
  | { readonly state: 'closed' };

/** What `createSuda` takes. Only `url` is needed. */
export interface SudaOptions {
  /** Where the server is, such as `http://localhost:8005`; in a browser it may be `location.origin`. */
  readonly url: string;
  /** Bearer token. In a browser the cookie does it. */
  readonly token?: string;
  /** Makes a guest of this name when there is no session yet. */
  readonly name?: string;
  /** Which transports to use, best first. Default `['websocket', 'sse', 'polling']`: falls back by itself. */
  readonly transports?: readonly TransportName[];
  /** Where unsent messages are kept. Default: IndexedDB in a browser, memory elsewhere. */
  readonly outbox?: OutboxStore;
  /** Time. Default: `Date.now` and `setTimeout`. */
  readonly clock?: Clock;
  /** Randomness in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** The ways out: WebSocket and fetch. Default: the platform's. */
  readonly dial?: Dialers;
}

/** One client of one server. Made by `createSuda`. */
export interface Suda {
  readonly connection: Observable<ConnectionState>;
  /** Who I am; null before the first `hello` and after signing out. */
  readonly me: Observable<User | null>;
  /** The rooms I am a member of, kept up to date with unread counts. */
  readonly rooms: Observable<readonly RoomSummary[]>;
  /** The server's limits; the protocol's defaults before the first `hello`. */
  readonly limits: Observable<Limits>;
  /** Connects and stays connected. After `refused`, tries again; while waiting, tries at once. */
  connect(): void;
  /** Lets go of the connection, back to `idle`. Rooms and outbox stay. */
  disconnect(): void;
  /** Makes a guest, or resumes the one of the cookie (R2.2), and connects. @throws SudaClientError */
  signIn(name: string): Promise<User>;
  /** Forgets the session, and everything kept on this device of this user. @throws SudaClientError when the server can't be reached */
  signOut(): Promise<void>;
  /**
   * Who I was the last time, as the application kept it: shown until the server says how it stands, and what is said meanwhile is
   * kept for this user. Does nothing once somebody is known.
   */
  recall(user: User, rooms: readonly RoomSummary[]): void;
  /** The handle of a room: the same object for the same id. Costs nothing until opened. */
  room(id: string): RoomHandle;
  /**
   * The upload of a file: the same for the same blob, so its progress can be shown anywhere. It begins when a message with it is sent, or
   * before, with `start()`.
   */
  upload(file: Blob, name?: string): Upload;
  /**
   * Asks the server for something. Never repeated silently. While connecting it waits for the connection;
   * without one it is refused at once with `unavailable`.
   * @throws SudaClientError with `code`, `retry`, `retryAfter` (milliseconds)
   */
  command<N extends CommandName>(name: N, input: CommandRequest<N>): Promise<CommandOutput<N>>;
  /**
   * Hears the server's events. `message` and `message.changed` of an opened room come once each and in order of rev,
   * also those that were missed during a broken connection; the others as they arrive.
   * @returns a function that ends it
   */
  on<E extends EventName>(event: E, run: (data: EventData<E>) => void): () => void;
  /** "I may have slept": checks the connection at once. Called by itself when a browser tab is shown again and after a jump of time. */
  wake(): void;
  /** Ends everything: no timer, socket or listener stays behind. */
  close(): void;
}

/** One room, as this client sees it. */
export interface RoomHandle extends Observable<RoomState> {
  readonly id: string;
  /** What was last read here, as the application kept it: the room goes on from there. Does nothing once something was read. */
  recall(page: ResetPage): void;
  /** The room is live while anyone has it open. @returns the release of this one use */
  open(): () => void;
  /**
   * Says something: it stands in `state.outbox` within the same tick and is sent until acknowledged (P2).
   * @param options.replyTo pos of the message answered; @param options.via for a whisper, the room in which it is said (R4.12)
   * @param options.mentions ids of members that it mentions; without it, those whose exact names stand behind an `@` in the text (R16.1)
   * @param options.attachments files that the server has: one's own, and GIFs of its library
   * @param options.files go up first, kept with the message until it is said; then the text may be empty
   * @returns its clientId
   */
  send(
    text: string,
    options?: {
      readonly replyTo?: number;
      readonly via?: string;
      readonly files?: readonly Blob[];
      readonly mentions?: readonly string[];
      readonly attachments?: readonly Attachment[];
    },
  ): string;
  /** Sends a failed one again, under the same clientId. */
  retry(clientId: string): void;
  /** Gives up a failed or waiting one, its uploads too. Read its text from the entry before. */
  discard(clientId: string): void;
  edit(pos: number, text: string): Promise<void>;
  delete(pos: number): Promise<void>;
  react(pos: number, emoji: string): Promise<void>;
  unreact(pos: number, emoji: string): Promise<void>;
  /** I have read up to here: shown at once, told to the server about once a second, forward only. */
  read(pos: number): void;
  /** I am typing, or no longer. Throttled; renewed by itself while true, for a minute at most after the last call. */
  typing(typing: boolean): void;
  /** Prepends older messages to the window: no hole, no double. @throws SudaClientError */
  loadOlder(limit?: number): Promise<void>;
  /** Moves the window to around this message. @throws SudaClientError */
  loadAround(pos: number): Promise<void>;
  /** Appends newer messages to a window elsewhere in history. @throws SudaClientError */
  loadNewer(): Promise<void>;
  /** Moves the window back to the latest messages. @throws SudaClientError */
  toLatest(): Promise<void>;
}

/** A room's state. Replaced, never changed. */
export interface RoomState {
  readonly id: string;
  /** `opening` also while catching up after a reconnect: the messages stay. */
  readonly status: 'closed' | 'opening' | 'live' | 'refused';
  readonly error: WireError | null;
  readonly room: RoomSummary | null;
  /** One contiguous window, ascending by pos. */
  readonly messages: readonly Message[];
  /** The window reaches the room's last pos. */
  readonly atLatest: boolean;
  readonly hasOlder: boolean;
  /** In sending order. An entry leaves in the same change in which its message appears. */
  readonly outbox: readonly OutboxEntry[];
  readonly members: readonly Member[];
  /** Others only; each fades after `limits.typingMs`. */
  readonly typing: readonly Sender[];
  /** What this client has of the room's log. */
  readonly cursor: { readonly epoch: string; readonly rev: number } | null;
}

/** A file that goes with a message. */
export interface OutboxFile {
  readonly blob: Blob;
  readonly name: string;
}

/** How far a file has come. */
export interface UploadState {
  /** From 0 to 1. */
  readonly sent: number;
  /** Why it failed, if it did. */
  readonly error: WireError | null;
  /** What the server made of it, once it is kept there. */
  readonly attachment: Attachment | null;
}

/** A file on its way to the server. */
export interface Upload extends Observable<UploadState> {
  /** Begins, or goes on with what was begun; after a failure it begins anew. @throws SudaClientError */
  start(): Promise<Attachment>;
  /** Gives it up. The server throws away what no message carries. */
  cancel(): void;
}

/** A message on its way. */
export type OutboxEntry = {
  readonly clientId: string;
  readonly room: string;
  readonly text: string;
  readonly replyTo?: number;
  readonly via?: string;
  readonly files?: readonly OutboxFile[];
  readonly mentions?: readonly string[];
  readonly attachments?: readonly Attachment[];
  /** Milliseconds since 1970 by the client's clock; for people to read. */
  readonly createdAt: number;
} & (
  | { readonly state: 'waiting' }
  | { readonly state: 'sending' }
  /** Acknowledged: on the server's disk at `pos`, but its event has not arrived yet. */
  | { readonly state: 'sent'; readonly pos: number }
  /** Refused for good. `retry` or `discard` it. */
  | { readonly state: 'failed'; readonly error: WireError }
);

/** A message on its way, as an outbox store keeps it. */
export interface StoredEntry {
  readonly clientId: string;
  readonly room: string;
  readonly text: string;
  readonly replyTo?: number;
  readonly via?: string;
  readonly files?: readonly OutboxFile[];
  readonly mentions?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly createdAt: number;
  /** Sending order within a room: ascending. */
  readonly order: number;
  /** Why it was refused for good, if it was. */
  readonly error?: WireError;
}

/**
 * Where unsent messages are kept, apart for each user. Promises resolve when the effect is kept.
 * A store that rejects is tolerated: the outbox goes on in memory.
 */
export interface OutboxStore {
  /** Every entry of this user, in any order. */
  load(user: string): Promise<StoredEntry[]>;
  /** Keeps an entry, or replaces the one of the same clientId. */
  put(user: string, entry: StoredEntry): Promise<void>;
  remove(user: string, clientId: string): Promise<void>;
  /** Forgets everything of this user. */
  clear(user: string): Promise<void>;
  /**
   * Runs while no other tab runs under the same name (Web Locks). A store that has this is taken to be shared
   * between tabs and is read again before sending.
   */
  withLock?(name: string, run: () => Promise<void>): Promise<void>;
}
