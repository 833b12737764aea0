import type { Member } from '../load/member.ts';
import type { ServerProcess } from '../load/processes.ts';

/** What some scenarios need and not every peer has. */
export type Ability =
  /** One room in which everyone hears everyone. */
  | 'room'
  /** Many of them. */
  | 'rooms'
  /** Says when a message was taken, over WebSocket. */
  | 'posts'
  /** The same over HTTP. */
  | 'http-posts'
  /** Has a client of its own that comes back after a cut. */
  | 'clients'
  /** Keeps messages, in Suda's own files. */
  | 'history';

/** One who is measured: a server in its best documented settings, and how one speaks with it. */
export interface Peer {
  /** As it is called on the command line. */
  readonly name: string;
  /** As it is called in tables. */
  readonly title: string;
  /** What it does not do, in a few words. */
  readonly lacks: string;
  readonly can: readonly Ability[];
  readonly version: () => string;
  /** Why it can't be measured here and what to do about it; undefined: it can. */
  readonly missing?: () => string | undefined;
  /** Fetches or builds what is missing, into bench/out. */
  readonly prepare?: () => Promise<void>;
  readonly start: (options?: StartOptions) => Promise<Running>;
}

export interface StartOptions {
  /** A data folder to serve, for those that have history; it stays. Default: a fresh one, thrown away at the end. */
  readonly folder?: string;
}

/** A peer that runs. */
export interface Running {
  readonly server: ServerProcess;
  /** Rooms to come into. */
  rooms(count: number): Promise<readonly string[]>;
  /**
   * So many connections come in, each into its rooms, and hear what is said there from when this resolves. Afterwards `quiet` waits until
   * nothing more comes of it.
   */
  members(count: number, roomsOf: (i: number) => readonly string[]): Promise<Member[]>;
  /** Makes people who connect later, where there are people: `connect` then only connects. */
  ready?(count: number): Promise<void>;
  /** Connects and says what anyone must say to be somebody, and then answers heartbeats. Rooms: none. */
  connect(i: number): Promise<Member>;
  /** One who says something in a room and is told when it was taken. */
  poster?(over: 'websocket' | 'http', room: string, i: number): Promise<Poster>;
  /** What a process of real clients needs, for so many of them: all in one room. */
  clients?(count: number): Promise<RealClients>;
  stop(): Promise<void>;
}

export interface Poster {
  /** Called when what was said last was taken. */
  taken: () => void;
  next(): void;
  end(): void;
}

/** See load/client-process.ts. */
export interface RealClients {
  readonly kind: 'socketio' | 'suda' | 'suda-socketio';
  readonly port: number;
  readonly room: string;
  /** Of each client; empty where there is no identity. */
  readonly tokens: readonly string[];
}
