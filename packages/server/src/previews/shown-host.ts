import { domainToUnicode } from 'node:url';

/**
 * Labels that can be shown as they are read: ASCII; Hangul syllables, also with ASCII; kana and Chinese characters with nothing but digits, and
 * without the strokes that look like a slash or a dash. The letters of all other scripts can be taken for Latin ones.
 */
const honest = /^(?:[a-z0-9\uac00-\ud7a3_-]+|(?!.*[ノ丶丿丨一ー])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}0-9]+)$/u;

/** A host as people may be shown it, without its being taken for another. Without the www that says nothing. */
export function shownHost({ host, hostname }: URL): string {
  const port = host.slice(hostname.length);
  const readable = domainToUnicode(hostname);
  const isHonest = readable !== '' && readable.split('.').every((label) => label === '' || honest.test(label));
  return (isHonest ? readable : hostname).replace(/^www\.(?=.+\.)/, '') + port;
}
