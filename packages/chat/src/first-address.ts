const code = /(`{3,}|~{3,})[\s\S]*?(?:\1|$)|(`+)[^`\n](?:.*?[^`\n])?\2(?!`)/gu;
const candidate = /https?:\/\/[^\s<>"“”‘’「」『』]+/giu;
const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Punctuation after an address belongs to the sentence; a closing bracket does unless it was opened inside. */
function trimmed(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    const open = opening[last];
    if (open !== undefined) {
      const inside = address.slice(0, end);
      if (inside.split(open).length >= inside.split(last).length) break;
    } else if (!/[.,;:!?'*_~。、，！？…·]/u.test(last)) break;
  }
  return address.slice(0, end);
}

/** Korean hangs particles on words: in `https://suda.chat에서` the host ends before 에서. */
function withoutParticle(address: string): string {
  return /^(https?:\/\/[^/?#]*?\.?[a-z]{2,}(?::\d+)?)(?=\p{Script=Hangul}+(?:[/?#]|$))/iu.exec(address)?.[1] ?? address;
}

/** Longer ones lead nowhere that a person would go. */
const LONGEST = 2_000;

/** The first http or https address of a text that doesn't stand in code, as a URL is written; null without one. */
export function firstAddress(text: string): string | null {
  if (!/https?:\/\//i.test(text)) return null;
  for (const [found] of text.replace(code, ' ').matchAll(candidate)) {
    if (found.length > LONGEST) continue;
    const url = URL.parse(trimmed(withoutParticle(found)));
    if (url !== null && url.hostname !== '') return url.href;
  }
  return null;
}
