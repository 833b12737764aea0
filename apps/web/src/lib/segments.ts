/** Doubled marks end it: **https://suda.chat**는. */
const scheme = /https?:\/\/(?:(?!\*\*|~~)[^\s<>"`“”‘’「」『』])+/iuy;
const opened: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** A closing bracket belongs to the address only if it was opened inside. */
function cutBracket(url: string): string {
  const open: string[] = [];
  for (let i = 0; i < url.length; i += 1) {
    const char = url.charAt(i);
    if (char === '(' || char === '[' || char === '{') open.push(char);
    else if (opened[char] !== undefined && open.pop() !== opened[char]) return url.slice(0, i);
  }
  return url;
}

/** Punctuation after an address belongs to the sentence. */
function trimEnd(url: string): string {
  let end = url.length;
  while (end > 0 && /[.,;:!?'*_~([{。、，！？…·]/u.test(url.charAt(end - 1))) end -= 1;
  return url.slice(0, end);
}

/** Korean hangs particles on words: in `https://suda.chat에서` the host ends before 에서. */
function cutParticle(url: string): string {
  const host = /^https?:\/\/[^/?#]*/iu.exec(url)?.[0] ?? '';
  let end = host.length;
  while (end > 0 && /\p{Script=Hangul}/u.test(host.charAt(end - 1))) end -= 1;
  return end < host.length && /[a-z]{2}(?::\d{1,5})?$/iu.test(host.slice(Math.max(0, end - 8), end)) ? url.slice(0, end) : url;
}

export interface Address {
  readonly text: string;
  readonly href: string;
}

/**
 * The address that begins here, if it is one: http or https, and it parses.
 * @returns a text without `href` where only the look of an address is: nothing in it needs to be looked at again
 */
export function addressAt(text: string, index: number): Address | { readonly text: string; readonly href: null } | null {
  scheme.lastIndex = index;
  const found = scheme.exec(text)?.[0];
  if (found === undefined) return null;
  const shown = trimEnd(cutParticle(trimEnd(cutBracket(found))));
  const url = URL.canParse(shown) ? new URL(shown) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return { text: found, href: null };
  return { text: shown, href: url.href };
}
