const onlyEmoji = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;
const graphemes = new Intl.Segmenter();

/** The emoji offered first. */
export const quickEmoji = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '👀'] as const;

/** Whether a message is nothing but up to six emoji, and so is shown large. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 120 && onlyEmoji.test(text.trim());
}

/** The first thing that a reader would call one character. */
export function firstGrapheme(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return '';
}

/** A person's or room's one-letter mark. */
export function initialOf(name: string): string {
  return firstGrapheme(name.replace(/^[\s@#"'(「『“‘]+/u, '')).toLocaleUpperCase() || '·';
}
