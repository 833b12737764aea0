/**
 * A line of a stranger's text, fit to stand among one's own: without line breaks and control characters, without marks that turn the writing
 * around or that nobody sees, without towers of accents, and cut at a number of code points.
 */
export function plainText(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 20)
    .toWellFormed()
    .normalize('NFC')
    // Joiners hold emoji and some scripts together.
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0]/gu, '')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .trim();
  const letters = Array.from(line);
  return letters.length <= longest
    ? line
    : `${letters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
