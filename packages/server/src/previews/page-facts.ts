import { Parser } from 'htmlparser2';
import { plainText } from './plain-text.ts';

/** What a page says of itself. */
export interface PageFacts {
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
  /** Address of its picture. */
  readonly picture?: URL;
}

const TITLE = 120;
const DESCRIPTION = 240;
const SITE = 60;

/** Where each fact may stand, the best first: Open Graph, Twitter's cards, plain HTML. */
const places = {
  title: ['og:title', 'twitter:title', '<title>'],
  description: ['og:description', 'twitter:description', 'description'],
  site: ['og:site_name', 'application-name'],
  picture: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src', '<image_src>'],
} as const;

const wanted: ReadonlySet<string> = new Set(Object.values(places).flat());

/** The head of a page is where all of it stands; what comes after is not looked at, and nothing of it runs. */
function headOf(html: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const keep = (name: string, text = ''): void => {
    if (wanted.has(name) && text.trim() !== '' && !found.has(name)) found.set(name, text);
  };
  let title: string | null = null;
  let over = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'body') over = true;
      if (over) return;
      if (name === 'title') title = '';
      if (name === 'meta') keep((attributes.property ?? attributes.name ?? '').trim().toLowerCase(), attributes.content);
      if (name === 'link' && attributes.rel === 'image_src') keep('<image_src>', attributes.href);
    },
    ontext(text) {
      if (title !== null) title += text;
    },
    onclosetag(name) {
      if (name === 'title' && title !== null) {
        if (!over) keep('<title>', title);
        title = null;
      }
      if (name === 'head') over = true;
    },
  });
  parser.write(html);
  parser.end();
  return found;
}

/**
 * Reads the head of an HTML page, however broken.
 * @param base where the page was
 * @returns null when it has no title
 */
export function pageFacts(html: string, base: URL): PageFacts | null {
  const head = headOf(html);
  const best = (fact: keyof typeof places, longest: number): string => {
    for (const place of places[fact]) {
      const text = plainText(head.get(place) ?? '', longest);
      if (text !== '') return text;
    }
    return '';
  };
  const title = best('title', TITLE);
  if (title === '') return null;
  const [description, site] = [best('description', DESCRIPTION), best('site', SITE)];
  const address = places.picture.map((place) => head.get(place)).find((text) => text !== undefined);
  const picture = address === undefined ? null : URL.parse(address.trim(), base);
  return {
    title,
    ...(description === '' || description === title ? {} : { description }),
    ...(site === '' || site === title ? {} : { site }),
    ...(picture === null ? {} : { picture }),
  };
}
