import { Histogram } from '../load/histogram.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import type { Store } from './store.ts';
import { random, rareWord } from './texts.ts';

/** What is asked of a history. */
export interface Question {
  readonly name: string;
  readonly of: (store: Store, next: () => number) => { readonly event: string; readonly data: Readonly<Record<string, unknown>> };
}

const somewhere = ({ roomMessages }: Store, next: () => number): number => 1 + Math.floor(next() * roomMessages);

export const questions: readonly Question[] = [
  {
    name: 'a page',
    of: (store, next) => ({ event: 'message.list', data: { room: store.room, before: somewhere(store, next), limit: 50 } }),
  },
  {
    name: 'a jump',
    of: (store, next) => ({ event: 'message.list', data: { room: store.room, around: somewhere(store, next), limit: 50 } }),
  },
  { name: 'unread counts', of: () => ({ event: 'room.list', data: {} }) },
  {
    name: 'search, a rare word',
    of: (store, next) => ({ event: 'message.search', data: { room: store.room, q: rareWord(Math.floor(next() * 10_000)), limit: 20 } }),
  },
  { name: 'search, a common word', of: (store) => ({ event: 'message.search', data: { room: store.room, q: '회의', limit: 20 } }) },
  { name: 'search, two words', of: (store) => ({ event: 'message.search', data: { room: store.room, q: '내일 deploy', limit: 20 } }) },
  { name: 'search, everywhere', of: () => ({ event: 'message.search', data: { q: '배포 오류', limit: 20 } }) },
];

/** Someone who asks one thing after the other. */
export class Asker {
  readonly #raw: RawWebSocket;
  readonly #next = random(11);
  #asked = 0;

  private constructor(raw: RawWebSocket) {
    this.#raw = raw;
  }

  static async open(port: number, token: string): Promise<Asker> {
    return new Asker(await openRaw('127.0.0.1', port, '/v1/ws', { Authorization: `Bearer ${token}` }));
  }

  /** Asks for so long, the next when the last is answered. @throws Error when it is refused */
  async ask(question: Question, store: Store, seconds: number): Promise<Histogram> {
    const times = new Histogram();
    const end = performance.now() + seconds * 1_000;
    for (let first = true; first || performance.now() < end; first = false) {
      const id = ++this.#asked;
      const frame = clientFrame(JSON.stringify({ ...question.of(store, this.#next), id }));
      const begun = performance.now();
      await this.#raw.ask(frame, [`"reply":${id}`], '"error":{');
      times.add((performance.now() - begun) * 1_000);
    }
    return times;
  }

  end(): void {
    this.#raw.socket.destroy();
  }
}
