import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';

/** Who is where, for reading: what an adapter's `rooms` and `sids` are in Socket.IO. */
export interface Whereabouts {
  /** Every room's name; that of each socket's own among them. */
  roomNames(): Iterable<string>;
  /** Ids of the sockets in a room; undefined when nobody is. */
  socketsIn(room: string): ReadonlySet<string> | undefined;
  socketIds(): Iterable<string>;
  roomsOf(id: string): ReadonlySet<string> | undefined;
}

/** A map that is looked up where the facts are, at the time when it is asked; for reading. */
class View extends Map<string, ReadonlySet<string>> {
  readonly #names: () => Iterable<string>;
  readonly #find: (name: string) => ReadonlySet<string> | undefined;

  constructor(names: () => Iterable<string>, find: (name: string) => ReadonlySet<string> | undefined) {
    super();
    this.#names = names;
    this.#find = find;
  }

  override get size(): number {
    return [...this.#names()].length;
  }

  override get(name: string): ReadonlySet<string> | undefined {
    return this.#find(name);
  }

  override has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  override *keys(): MapIterator<string> {
    yield* new Set(this.#names());
  }

  override *values(): MapIterator<ReadonlySet<string>> {
    for (const [, value] of this) yield value;
  }

  override *entries(): MapIterator<[string, ReadonlySet<string>]> {
    for (const name of new Set(this.#names())) {
      const value = this.#find(name);
      if (value !== undefined) yield [name, value];
    }
  }

  override [Symbol.iterator](): MapIterator<[string, ReadonlySet<string>]> {
    return this.entries();
  }

  override forEach(run: (value: ReadonlySet<string>, key: string, map: Map<string, ReadonlySet<string>>) => void): void {
    for (const [name, value] of this) run(value, name, this);
  }

  /** As it is printed. */
  [inspect.custom](): Map<string, ReadonlySet<string>> {
    return new Map(this.entries());
  }
}

/**
 * The part of Socket.IO's adapter that programs look at: which rooms there are and who is in them, and the events `create-room`,
 * `join-room`, `leave-room`, `delete-room`.
 */
export class Adapter extends EventEmitter {
  readonly rooms: ReadonlyMap<string, ReadonlySet<string>>;
  /** Each socket's rooms. */
  readonly sids: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(of: Whereabouts) {
    super();
    this.rooms = new View(
      () => of.roomNames(),
      (room) => of.socketsIn(room),
    );
    this.sids = new View(
      () => of.socketIds(),
      (id) => of.roomsOf(id),
    );
  }
}
