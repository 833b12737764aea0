import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type Attachment, type CommandOutput, limits, SudaError, type UserId } from '@suda/protocol';
import type { Uploads } from '../files/uploads.ts';
import type { Others } from '../others.ts';
import { Kept } from './kept.ts';
import { type Offered, type ProviderName, providers } from './provider.ts';

/** What the settings say of it. */
export interface OutsideOptions {
  readonly provider: ProviderName;
  readonly key: string;
  /** Another address of its API, for a relay or a test; its files are then there too. Without a slash at its end. */
  readonly url?: string;
}

const MINUTE = 60_000;
/** GIFs of one search. */
const COUNT = 24;
/** Milliseconds within which a search, a picture to look at, a GIF to send must have come. */
const [SEARCH_WITHIN, PREVIEW_WITHIN, FILE_WITHIN] = [5_000, 8_000, 20_000] as const;
/** Bytes of an answer to a search, and of a picture to look at. */
const [ANSWER_BYTES, PREVIEW_BYTES] = [2_000_000, 1_500_000] as const;
/** After a failure it is left alone for so long: whoever types then is told at once. */
const PAUSE = 15_000;

export interface Preview {
  readonly bytes: Buffer;
  readonly type: string;
}

/**
 * GIFs of a provider. Only this server speaks with it: it learns what is searched for, but neither by whom nor who looks at what. What is
 * sent is fetched once, goes the way of every upload, and is a file like any other.
 *
 * Only what a search found can be fetched, only from the provider's own hosts, and no redirect is followed.
 */
export class Outside {
  readonly name: ProviderName;
  readonly #options: OutsideOptions;
  readonly #uploads: Uploads;
  readonly #now: () => number;
  readonly #warn: (sentence: string) => void;
  readonly #offered = new Kept<Offered>(5_000, 60 * MINUTE);
  readonly #searches = new Kept<readonly Offered[]>(200, 10 * MINUTE);
  readonly #previews = new Kept<Preview>(80, 60 * MINUTE);
  readonly #stills = new Kept<Preview>(500, 60 * MINUTE);
  readonly #others: Others | undefined;
  #pausedUntil = 0;

  /** @param now milliseconds; @param warn hears why the provider could not be used */
  constructor(options: OutsideOptions, uploads: Uploads, now: () => number, warn: (sentence: string) => void, others?: Others) {
    this.name = options.provider;
    this.#options = options;
    this.#uploads = uploads;
    this.#now = now;
    this.#warn = warn;
    this.#others = others;
    others?.hear((word) => {
      if (word.type === 'offered') this.#offer(word.gifs);
    });
  }

  #offer(gifs: readonly Offered[]): void {
    for (const one of gifs) this.#offered.put(one.id, one, this.#now());
  }

  /** @throws SudaError `unavailable` while the provider doesn't answer as it should */
  async find(q: string, page: number): Promise<CommandOutput<'gif.find'>> {
    const offered = await this.#searches.get(`${page} ${q.toLowerCase()}`, this.#now(), () => this.#search(q, page));
    this.#offer(offered);
    this.#others?.tell({ type: 'offered', gifs: offered });
    return {
      provider: this.name,
      gifs: offered.map(({ id, words, width, height }) => ({ id, words, width, height })),
      ...(offered.length === COUNT ? { next: page + 1 } : {}),
    };
  }

  async #search(q: string, page: number): Promise<readonly Offered[]> {
    if (this.#now() < this.#pausedUntil) throw new SudaError('unavailable', 'The provider of GIFs does not answer.', PAUSE);
    const { key, url } = this.#options;
    const { search, read, base } = providers[this.name];
    try {
      const answer = await this.#fetch(search(url ?? base, key, q, COUNT, page), SEARCH_WITHIN);
      return read(JSON.parse((await bytesOf(answer, ANSWER_BYTES)).toString('utf8'))).filter((one) => this.#mayFetch(one));
    } catch (error) {
      this.#pausedUntil = this.#now() + PAUSE;
      // The key may stand in an address: only what kind of failure it was is told.
      this.#warn(`${this.name} could not be searched: ${error instanceof Refused ? error.message : reason(error)}`);
      throw new SudaError('unavailable', 'The provider of GIFs does not answer.', PAUSE);
    }
  }

  #mayFetch({ preview, file }: Offered): boolean {
    return [preview, file].every((address) => this.#isTheirs(new URL(address)));
  }

  #isTheirs({ protocol, hostname, host, username }: URL): boolean {
    if (username !== '') return false;
    const { url } = this.#options;
    if (url !== undefined) return host === new URL(url).host && protocol === new URL(url).protocol;
    return protocol === 'https:' && providers[this.name].hosts.some((one) => hostname === one || hostname.endsWith(`.${one}`));
  }

  /** A picture to look at, of what a search found; `still`, its first frame. @throws SudaError `no_such_file`, `unavailable` */
  async preview(id: string, still: boolean): Promise<Preview> {
    const moving = await this.#moving(id);
    return still ? this.#stills.get(id, this.#now(), () => stillOf(moving.bytes)) : moving;
  }

  #moving(id: string): Promise<Preview> {
    return this.#previews.get(id, this.#now(), async () => {
      const { preview } = this.#known(id);
      const bytes = await this.#get(preview, PREVIEW_WITHIN, (answer) => bytesOf(answer, PREVIEW_BYTES));
      const type = typeOf(bytes);
      if (type === undefined) throw new SudaError('no_such_file');
      return { bytes, type };
    });
  }

  /** Brings what a search found here, as this user's. @throws SudaError `no_such_file`, `unavailable`, and as an upload does */
  take(user: UserId, id: string): Promise<Attachment> {
    const { file, words } = this.#known(id);
    const name = `${
      words
        .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/gu, ' ')
        .trim()
        .slice(0, limits.fileNameLength - 4) || this.name
    }.gif`;
    return this.#get(file, FILE_WITHIN, (answer) => {
      const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
      // What breaks it is said by the upload, which sees that it was cut.
      body.on('error', () => {});
      return this.#uploads.take(user, name, body, this.name);
    });
  }

  #known(id: string): Offered {
    const offered = this.#offered.read(id, this.#now());
    if (offered === undefined) throw new SudaError('no_such_file', 'Search for it again.');
    return offered;
  }

  async #get<T>(address: string, within: number, read: (answer: Response) => Promise<T>): Promise<T> {
    try {
      return await read(await this.#fetch(new URL(address), within));
    } catch (error) {
      if (error instanceof SudaError && error.code !== 'invalid') throw error;
      this.#warn(`A GIF of ${this.name} could not be fetched: ${reason(error)}`);
      throw new SudaError('unavailable', 'The provider of GIFs does not answer.', PAUSE);
    }
  }

  async #fetch(url: URL, within: number): Promise<Response> {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(within), headers: { accept: '*/*' } });
    if (answer.ok && answer.body !== null) return answer;
    await answer.body?.cancel();
    throw new Refused(`HTTP ${answer.status}`);
  }
}

class Refused extends Error {}

const reason = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** A body that is not too large. */
async function bytesOf(answer: Response, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) throw new Refused('The answer is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What is shown as a picture. Anything else is not passed on. */
function typeOf(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 12).toString('latin1');
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  return /^RIFF....WEBP/s.test(head) ? 'image/webp' : undefined;
}

async function stillOf(bytes: Buffer): Promise<Preview> {
  const { default: sharp } = await import('sharp');
  try {
    return { bytes: await sharp(bytes, { pages: 1, limitInputPixels: 4_000_000 }).webp({ quality: 75 }).toBuffer(), type: 'image/webp' };
  } catch {
    throw new SudaError('no_such_file');
  }
}
