const allowed = new Set(['http:', 'https:', 'mailto:']);

/** The address of a `[label](address)`, if it is one that may be followed. */
export function safeHref(target: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)/iu.test(target) || !URL.canParse(target)) return null;
  const url = new URL(target);
  return allowed.has(url.protocol) && (url.protocol === 'mailto:' || url.hostname !== '') ? url.href : null;
}

const looksLikeAddress = /(?:^|[\s@/(])((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})/iu;
/** Letters of scripts that have look-alikes of Latin ones. */
const alike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * Where a link leads, to be shown beside it: when its label looks like another address, when something that is no host
 * stands where one is expected (`https://bank.example@evil.example`), or when letters pretend to be others.
 */
export function hostToShow(label: string, href: string): string | null {
  const url = new URL(href);
  if (url.protocol === 'mailto:') {
    return /[@.]/u.test(label) && !label.includes(url.pathname) ? url.pathname : null;
  }
  if (url.username !== '' || url.password !== '') return url.host;
  if (alike.test(/^https?:\/\/([^/?#]*)/iu.exec(label)?.[1] ?? '')) return url.host;
  const said = /https?:\/\/[^\s]+/iu.exec(label)?.[0];
  if (said !== undefined) return URL.canParse(said) && new URL(said).host === url.host ? null : url.host;
  const named = looksLikeAddress.exec(label)?.[1]?.toLowerCase();
  if (named === undefined) return null;
  const bare = (host: string) => host.replace(/^www\./u, '');
  const canonical = URL.canParse(`https://${named}`) ? new URL(`https://${named}`).host : named;
  return bare(canonical) === bare(url.host) ? null : url.host;
}
