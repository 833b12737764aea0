import { type Change, type Chat, firstAddress, type RoomCommand } from '@suda/chat';
import type { Pos, RoomId } from '@suda/protocol';
import type { Contents } from '../files/contents.ts';
import { Slots } from '../files/slots.ts';
import { Line } from './line.ts';
import { type Found, lookUp } from './look-up.ts';
import type { Reach } from './reach.ts';
import { type Kept, keepSmall } from './small-picture.ts';

export interface PreviewsOptions {
  readonly chat: Chat;
  /** Where pictures go; null: there are none. */
  readonly contents: Contents | null;
  readonly reach: Reach;
  readonly now: () => number;
  /** Told why there is no preview of an address: people are not. */
  readonly onFailure: (error: unknown, address: string) => void;
  /** Milliseconds for a page, and for its picture. Default 5000. */
  readonly within?: number;
  /** Milliseconds between two questions to one host. Default 1000. */
  readonly rest?: number;
}

interface Answer {
  readonly preview: Found['preview'];
  readonly picture: Kept | null;
}

/** What was found is good for so long, in milliseconds; that there was nothing, for less. */
const KEEP_FOUND = 3_600_000;
const KEEP_NOTHING = 300_000;
/** Answers that are remembered. */
const MOST = 1_000;

/**
 * Looks at the first address of what is said, after it was said, and puts what it found on the message.
 *
 * It is done by the process that committed the message, once, and with what time allows: what waits when the server stops is not made up
 * for. Many messages of one address share one look.
 */
export class Previews {
  readonly #options: PreviewsOptions;
  readonly #line: Line;
  readonly #pictures = new Slots(1, 32);
  readonly #end = new AbortController();
  readonly #answers = new Map<string, { readonly answer: Promise<Answer | null>; until: number }>();

  constructor(options: PreviewsOptions) {
    this.#options = options;
    this.#line = new Line({ atOnce: 4, waiting: 200, each: 8, rest: options.rest ?? 1_000 });
  }

  /** Hears what was committed. Whispers are between two people, and no third is asked about them. */
  take(command: RoomCommand, changes: readonly Change[]): void {
    if (command.type !== 'message.send' && command.type !== 'message.edit') return;
    for (const change of changes) {
      if (change.type !== 'message' || change.message.preview !== null || change.message.via !== null) continue;
      const { room, pos, text } = change.message;
      const address = firstAddress(text);
      if (address !== null) this.#line.add(command.actor, new URL(address).hostname, () => this.#put(room, pos, address));
    }
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#line.close();
  }

  async #put(room: RoomId, pos: Pos, address: string): Promise<void> {
    try {
      const answer = await this.#answer(address);
      if (answer === null || this.#end.signal.aborted) return;
      const { preview, picture } = answer;
      const { chat, contents } = this.#options;
      if (picture === null || contents === null) return await chat.putPreview(room, pos, preview, null);
      // Held until a message has it, so that a sweep doesn't come between; what was swept before is not there to be shown.
      await contents.whileHeld(picture.hash, async () => {
        const there = await contents.has(picture.hash);
        if (!there) this.#answers.delete(address);
        await chat.putPreview(room, pos, preview, there ? picture : null);
      });
    } catch (error) {
      if (!this.#end.signal.aborted) this.#options.onFailure(error, address);
    }
  }

  #answer(address: string): Promise<Answer | null> {
    const now = this.#options.now();
    const known = this.#answers.get(address);
    if (known !== undefined && known.until > now) return known.answer;
    const answer = this.#look(address).catch((error: unknown) => {
      this.#options.onFailure(error, address);
      return null;
    });
    const entry = { answer, until: now + KEEP_FOUND };
    void answer.then((found) => {
      if (found === null) entry.until = now + KEEP_NOTHING;
    });
    this.#answers.delete(address);
    this.#answers.set(address, entry);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST) break;
      this.#answers.delete(oldest);
    }
    return answer;
  }

  async #look(address: string): Promise<Answer | null> {
    const { contents, reach, within = 5_000 } = this.#options;
    const found = await lookUp(address, { reach, within, pictures: contents !== null, signal: this.#end.signal });
    if (found === null) return null;
    const { preview, picture, onlyPicture } = found;
    const kept = picture === null || contents === null ? null : await this.#pictures.run(() => keepSmall(picture, contents));
    return kept === null && onlyPicture ? null : { preview, picture: kept };
  }
}
