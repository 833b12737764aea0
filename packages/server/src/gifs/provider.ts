import { z } from 'zod';

/** A GIF as a provider offers it: in a size to look at, and in one to send. */
export interface Offered {
  /** The provider's own name for it. */
  readonly id: string;
  readonly words: string;
  readonly width: number;
  readonly height: number;
  readonly preview: string;
  readonly file: string;
}

/** Someone who has GIFs and lets others search them: what differs between them. */
export interface Provider {
  readonly name: 'giphy' | 'klipy';
  /** Where its API is. */
  readonly base: string;
  /** Its files are on these hosts, and on those below them. */
  readonly hosts: readonly string[];
  /** The address of a search. @param base without a slash at its end */
  search(base: string, key: string, q: string, count: number, page: number): URL;
  /** What it answered. @throws ZodError when that is something else */
  read(body: unknown): Offered[];
}

const size = z.coerce.number().int().min(1).max(20_000);
const rendition = z.object({ url: z.url(), width: size, height: size });
const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^[\w-]{1,100}$/.test(text));

/** What one can't read, nobody sees; the others are there. */
const each = <T extends z.ZodType>(item: T) =>
  z.array(z.unknown()).transform((list) =>
    list.flatMap((one): z.output<T>[] => {
      const read = item.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );

const GiphyAnswer = z.object({
  data: each(
    z
      .object({
        id,
        title: z.string().default(''),
        images: z.object({ original: rendition, downsized: rendition.optional().catch(undefined), fixed_width: rendition }),
      })
      .transform(({ id, title, images: { original, downsized = original, fixed_width } }): Offered => {
        const { width, height } = fixed_width;
        return { id, words: title, width, height, preview: fixed_width.url, file: downsized.url };
      }),
  ),
});

/** developers.giphy.com/docs/api/endpoint: a size of at most 2 MB is sent, nothing above the rating PG is found. */
export const giphy: Provider = {
  name: 'giphy',
  base: 'https://api.giphy.com',
  hosts: ['giphy.com'],
  search(base, key, q, count, page) {
    const url = new URL(`${base}/v1/gifs/search`);
    const fields = { api_key: key, q: q.slice(0, 50), limit: count, offset: page * count, rating: 'pg', bundle: 'messaging_non_clips' };
    for (const [name, field] of Object.entries(fields)) url.searchParams.set(name, String(field));
    return url;
  },
  read: (body) => GiphyAnswer.parse(body).data,
};

const klipySize = z.object({ gif: rendition }).optional().catch(undefined);
const KlipyAnswer = z.object({
  data: z.object({
    data: each(
      z
        .object({
          id,
          // Between them stand advertisements.
          type: z.literal('gif'),
          title: z.string().default(''),
          file: z.object({ hd: klipySize, md: klipySize, sm: klipySize, xs: klipySize }),
        })
        .transform(({ id, title, file: { hd, md, sm, xs } }, context): Offered => {
          const [large, little] = [md ?? hd ?? sm, sm ?? xs ?? md];
          if (!large || !little) {
            context.addIssue('no GIF');
            return z.NEVER;
          }
          const { width, height, url } = little.gif;
          return { id, words: title, width, height, preview: url, file: large.gif.url };
        }),
    ),
  }),
});

/** docs.klipy.com/gifs-api/gifs-search-api: the key is part of the path. */
export const klipy: Provider = {
  name: 'klipy',
  base: 'https://api.klipy.com',
  hosts: ['klipy.com', 'klipy.co'],
  search(base, key, q, count, page) {
    const url = new URL(`${base}/api/v1/${encodeURIComponent(key)}/gifs/search`);
    // It wants to tell people apart; to it, this server is one person.
    const fields = { q, per_page: count, page: page + 1, customer_id: 'suda', content_filter: 'medium' };
    for (const [name, field] of Object.entries(fields)) url.searchParams.set(name, String(field));
    return url;
  },
  read: (body) => KlipyAnswer.parse(body).data.data,
};

export const providers = { giphy, klipy } as const;
export type ProviderName = keyof typeof providers;
