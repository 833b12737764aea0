export type Segment =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string };

const candidate = /https?:\/\/[^\s<>"“”‘’「」『』]+/giu;
const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** Punctuation after an address belongs to the sentence; a closing bracket does unless it was opened inside. */
function trimEnd(url: string): string {
  let end = url.length;
  while (end > 0) {
    const last = url.charAt(end - 1);
    const open = closing[last];
    if (open !== undefined) {
      const inside = url.slice(0, end);
      if (inside.split(open).length >= inside.split(last).length) break;
    } else if (!/[.,;:!?'*_~。、，！？…·]/u.test(last)) break;
    end -= 1;
  }
  return url.slice(0, end);
}

/** Korean hangs particles on words: in `https://suda.chat에서` the host ends before 에서. */
function cutParticle(url: string): string {
  const host = /^(https?:\/\/[^/?#]*?\.?[a-z]{2,}(?::\d+)?)(?=\p{Script=Hangul}+(?:[/?#]|$))/iu.exec(url);
  return host?.[1] ?? url;
}

/**
 * A message's text in pieces, so that addresses can be shown as links without any string becoming HTML.
 * Only http and https; joined together the pieces are the text.
 */
export function segments(text: string): Segment[] {
  const found: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(candidate)) {
    const shown = trimEnd(cutParticle(match[0]));
    const url = URL.canParse(shown) ? new URL(shown) : undefined;
    if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') continue;
    if (match.index > from) found.push({ type: 'text', text: text.slice(from, match.index) });
    found.push({ type: 'link', text: shown, href: url.href });
    from = match.index + shown.length;
  }
  if (from < text.length) found.push({ type: 'text', text: text.slice(from) });
  return found;
}
