import type { Preview } from '@suda/protocol';
import { readBody } from './body.ts';
import { decodePage } from './charset.ts';
import { get } from './get.ts';
import { pageFacts } from './page-facts.ts';
import { plainText } from './plain-text.ts';
import { type Reach, Unreachable } from './reach.ts';
import { shownHost } from './shown-host.ts';

/** What is behind an address. */
export interface Found {
  readonly preview: Omit<Preview, 'picture'>;
  /** The bytes of its picture, as they came; nobody has looked at them yet. */
  readonly picture: Buffer | null;
  /** Whether there is nothing to show without the picture. */
  readonly onlyPicture: boolean;
}

export interface LookUpOptions {
  readonly reach: Reach;
  /** Milliseconds for a page, redirects and all, and as many again for its picture. */
  readonly within: number;
  /** Whether pictures are wanted. */
  readonly pictures: boolean;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

const PAGE_BYTES = 512 * 1024;
const PICTURE_BYTES = 5 * 1024 * 1024;
const PAGE = 'text/html,application/xhtml+xml;q=0.9,image/*;q=0.5';
const PICTURE = 'image/avif,image/webp,image/png,image/jpeg,image/gif';

/**
 * Looks at what is behind an address.
 * @returns null when there is nothing to show
 * @throws Unreachable; what the network says; AbortError when it takes too long
 */
export async function lookUp(address: string, { reach, within, pictures, signal }: LookUpOptions): Promise<Found | null> {
  const inTime = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(within)]);
  const { url, response } = await get(new URL(address), PAGE, reach, inTime());
  const type = (response.headers['content-type'] ?? '').trim().toLowerCase();
  const named = { address, url: url.href, host: shownHost(url) };
  if (type.startsWith('image/')) {
    const title = plainText(nameOf(url), 120);
    const bytes = pictures ? await wholePicture(response) : destroyed(response);
    return bytes === null || title === '' ? null : { preview: { ...named, title }, picture: bytes, onlyPicture: true };
  }
  if (!/^(text\/html|application\/xhtml\+xml)\s*(;|$)/.test(type)) {
    response.destroy();
    throw new Unreachable(`it is ${type || 'of no type'}`);
  }
  const { bytes } = await readBody(response, PAGE_BYTES, endsHead());
  const facts = pageFacts(decodePage(bytes, type), url);
  if (facts === null) return null;
  const { picture, ...said } = facts;
  const seen = pictures && picture ? await pictureAt(picture, reach, inTime()) : null;
  return { preview: { ...named, ...said }, picture: seen, onlyPicture: false };
}

/** Whether the head of a page is through, so that one that never ends gives what it has. The mark may be cut between two chunks. */
function endsHead(): (chunk: Buffer) => boolean {
  let tail = '';
  return (chunk) => {
    const text = tail + chunk.toString('latin1');
    tail = text.slice(-8);
    return /<\/head|<body/i.test(text);
  };
}

/** A page is worth showing without its picture. */
async function pictureAt(url: URL, reach: Reach, signal: AbortSignal): Promise<Buffer | null> {
  try {
    return await wholePicture((await get(url, PICTURE, reach, signal)).response);
  } catch {
    return null;
  }
}

async function wholePicture(response: Parameters<typeof readBody>[0]): Promise<Buffer | null> {
  const { bytes, whole } = await readBody(response, PICTURE_BYTES);
  return whole && bytes.length > 0 ? bytes : null;
}

function destroyed(response: Parameters<typeof readBody>[0]): null {
  response.destroy();
  return null;
}

/** What a file is called, of its address. */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
