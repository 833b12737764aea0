import type { Realtime } from '../realtime.ts';
import { fits } from '../transports/socketio/fits.ts';
import type { EventsMap } from './event-types.ts';
import { Namespace } from './namespace.ts';
import type { Server } from './server.ts';

/** Decides whether there is a namespace of this name. */
export type NamespaceTest = (name: string, auth: unknown, next: (error: Error | null, there: boolean) => void) => void;
/** A namespace's name, a pattern of names, or a function that decides. */
export type NamespaceMatch = string | RegExp | NamespaceTest;

/** Milliseconds for which a namespace that a client asked for is kept without anybody in it. */
const FORGET_AFTER = 60_000;
/** Milliseconds between two looks at all of them. */
const SWEEP_EVERY = 5_000;

interface Pattern<L extends EventsMap, E extends EventsMap, V extends EventsMap, D> {
  readonly match: RegExp | NamespaceTest;
  readonly parent: Namespace<L, E, V, D>;
}

/** All namespaces of a server: those that it named, and those that clients asked for and a pattern allowed. */
export class Namespaces<L extends EventsMap, E extends EventsMap, V extends EventsMap, D> {
  readonly #server: Server<L, E, V, D>;
  readonly #realtime: Realtime;
  readonly #made: (namespace: Namespace<L, E, V, D>) => void;
  readonly #byName = new Map<string, Namespace<L, E, V, D>>();
  readonly #patterns: Pattern<L, E, V, D>[] = [];
  #sweepAt = 0;

  /** @param made called for each new one but the first */
  constructor(server: Server<L, E, V, D>, realtime: Realtime, made: (namespace: Namespace<L, E, V, D>) => void) {
    this.#server = server;
    this.#realtime = realtime;
    this.#made = made;
  }

  of(match: NamespaceMatch): Namespace<L, E, V, D> {
    if (typeof match !== 'string') return this.#pattern(match);
    const name = match.startsWith('/') ? match : `/${match}`;
    return (
      this.#byName.get(name) ??
      this.#make(name, this.#patterns.find(({ match: test }) => test instanceof RegExp && fits(test, name))?.parent)
    );
  }

  #make(name: string, parent?: Namespace<L, E, V, D>): Namespace<L, E, V, D> {
    if (parent) this.#sweep();
    const namespace = new Namespace<L, E, V, D>(this.#server, this.#realtime, name, parent);
    this.#byName.set(name, namespace);
    parent?.adopt(namespace);
    if (name !== '/') this.#made(namespace);
    return namespace;
  }

  /** Names are the clients' to choose: those that nobody is in any more are forgotten. */
  #sweep(): void {
    const now = this.#realtime.clock.now();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_EVERY;
    for (const [name, { parent, sockets, usedAt }] of this.#byName) {
      if (parent === undefined || sockets.size > 0 || now - usedAt < FORGET_AFTER) continue;
      this.#byName.delete(name);
      parent.disown(name);
    }
  }

  #pattern(match: RegExp | NamespaceTest): Namespace<L, E, V, D> {
    const known = this.#patterns.find((pattern) => String(pattern.match) === String(match));
    if (known && match instanceof RegExp) return known.parent;
    const parent = new Namespace<L, E, V, D>(this.#server, this.#realtime, `/_${this.#patterns.length}`);
    this.#patterns.push({ match, parent });
    return parent;
  }

  has(namespace: Namespace<L, E, V, D>): boolean {
    return this.#byName.get(namespace.name) === namespace;
  }

  /** The namespace of this name; made, if a pattern allows it. */
  async find(name: string, auth: unknown): Promise<Namespace<L, E, V, D> | undefined> {
    const known = this.#byName.get(name);
    if (known) {
      // Somebody is about to come: it must not be forgotten meanwhile.
      known.usedAt = this.#realtime.clock.now();
      return known;
    }
    for (const { match, parent } of this.#patterns) {
      // Another client may have asked for it meanwhile.
      if (await allows(match, name, auth)) return this.#byName.get(name) ?? this.#make(name, parent);
    }
    return undefined;
  }
}

function allows(match: RegExp | NamespaceTest, name: string, auth: unknown): boolean | Promise<boolean> {
  if (match instanceof RegExp) return fits(match, name);
  return new Promise((resolve, reject) => {
    Promise.resolve()
      .then(() => match(name, auth, (error, there) => resolve(error === null && there)))
      .catch(reject);
  });
}
