import type { Log, LogEntry, LogPage } from '../log.ts';
import type { Heard } from './fake-connection.ts';

/** A log in memory, whose reads a test may hold back. */
export class FakeLog implements Log {
  readonly names = { fresh: 'fresh', changed: 'changed' };
  head = 0;
  readonly reads: number[] = [];
  gone = false;
  failure: Error | undefined;
  readonly #last = new Map<number, LogEntry>();
  #held: (() => void)[] | undefined;

  /** The next change: of a new key, or of a known one. */
  change(key: number = this.head + 1, padding = ''): LogEntry {
    const seq = ++this.head;
    const first = this.#last.get(key)?.first ?? seq;
    const entry = { seq, key, first, json: JSON.stringify({ key, rev: seq, ...(padding === '' ? {} : { padding }) }) };
    this.#last.set(key, entry);
    return entry;
  }

  /** Each key's last form, by seq. */
  get state(): readonly LogEntry[] {
    return [...this.#last.values()].sort((a, b) => a.seq - b.seq);
  }

  /** From now on reads wait for `release`. What they answer is what stands when they were asked. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const run of held) run();
  }

  async read(after: number, limit: number): Promise<LogPage | null> {
    this.reads.push(after);
    if (this.failure) throw this.failure;
    const page = this.gone ? null : { head: this.head, entries: this.state.filter(({ seq }) => seq > after).slice(0, limit) };
    const held = this.#held;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    return page;
  }
}

/** A client that keeps the rule R4.2. Throws where something is missing. */
export class Reader {
  cursor: number;
  readonly forms = new Map<number, number>();
  /** Keys that came as fresh. */
  readonly fresh: number[] = [];

  constructor(cursor: number) {
    this.cursor = cursor;
  }

  hear({ event, data }: Heard): void {
    if (event !== 'fresh' && event !== 'changed') return;
    const { key, rev, after } = data as { key: number; rev: number; after?: number };
    if (rev <= this.cursor) throw new Error(`rev ${rev} came to one who had ${this.cursor}`);
    if ((after ?? rev - 1) > this.cursor) throw new Error(`rev ${rev} after ${after ?? rev - 1} came to one who had ${this.cursor}`);
    this.cursor = rev;
    this.forms.set(key, rev);
    if (event === 'fresh') this.fresh.push(key);
  }
}
