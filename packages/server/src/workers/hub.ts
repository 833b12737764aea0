import type { Outcome, Store } from '@suda/chat';
import { SudaError, type UserId } from '@suda/protocol';
import type { Word } from '../others.ts';
import type { Line } from './line.ts';
import { LockTable } from './lock-table.ts';
import type { Down, Up } from './messages.ts';

interface Member {
  readonly line: Line<Up, Down>;
  /** Who has a session there. */
  readonly present: Set<UserId>;
}

/**
 * Between the workers: takes their commands to the one store, and tells each of them what came of them, in the order of the commits;
 * passes on what they tell each other.
 */
export class Hub {
  readonly #store: Pick<Store, 'execute'>;
  /** In the order in which they came: the first leads. */
  readonly #members = new Map<string, Member>();
  readonly #locks = new LockTable();
  /** Commands that were given to the store, and those of them that it answered: it answers in their order. */
  #given = 0;
  #answered = 0;
  #fences: { readonly behind: number; readonly tell: () => void }[] = [];

  constructor(store: Pick<Store, 'execute'>) {
    this.#store = store;
  }

  /** A worker that is to hear everything from now on. @returns what it says is to be given to this */
  join(name: string, line: Line<Up, Down>): (message: Up) => void {
    const member: Member = { line, present: new Set() };
    for (const { present } of this.#members.values()) for (const user of present) line.send(['word', { type: 'arrived', user }]);
    this.#members.set(name, member);
    if (this.#members.size === 1) line.send(['lead']);
    return (message) => this.#take(name, member, message);
  }

  /** A worker that has ended. */
  leave(name: string): void {
    const member = this.#members.get(name);
    if (member === undefined) return;
    const [leader] = this.#members.keys();
    this.#members.delete(name);
    this.#locks.leave(member);
    for (const user of member.present) this.#pass(undefined, { type: 'departed', user });
    if (leader === name) for (const next of [...this.#members.values()].slice(0, 1)) next.line.send(['lead']);
  }

  #take(name: string, member: Member, message: Up): void {
    switch (message[0]) {
      case 'execute':
        void this.#execute(name, member, message);
        break;
      case 'fence':
        this.#fences.push({ behind: this.#given, tell: () => member.line.send(['told', message[1]]) });
        this.#tellFences();
        break;
      case 'lock':
        this.#locks.take(member, message[1], message[2], () => member.line.send(['locked', message[1]]));
        break;
      case 'unlock':
        this.#locks.release(member, message[1]);
        break;
      case 'word':
        this.#pass(member, message[1]);
    }
  }

  async #execute(name: string, { line }: Member, [, id, command, now]: Extract<Up, readonly ['execute', ...unknown[]]>): Promise<void> {
    this.#given++;
    try {
      const outcome = await this.#store.execute(command, now);
      if (isNews(outcome)) this.#toAll(['committed', name, id, outcome.changes]);
      else line.send(['outcome', id, outcome]);
    } catch (error) {
      line.send(['outcome', id, { failed: error instanceof SudaError ? error.code : 'internal' }]);
    }
    this.#answered++;
    this.#tellFences();
  }

  #tellFences(): void {
    while ((this.#fences[0]?.behind ?? Number.POSITIVE_INFINITY) <= this.#answered) this.#fences.shift()?.tell();
  }

  #pass(from: Member | undefined, word: Word): void {
    if (word.type === 'arrived') from?.present.add(word.user);
    if (word.type === 'departed') from?.present.delete(word.user);
    this.#toAll(['word', word], from);
  }

  /** Made into text once. */
  #toAll(message: Down, except?: Member): void {
    const text = JSON.stringify(message);
    for (const member of this.#members.values()) if (member !== except) member.line.sendText(text);
  }
}

const isNews = (outcome: Outcome): outcome is Extract<Outcome, { status: 'done' }> =>
  outcome.status === 'done' && outcome.changes.length > 0;
