/** Whether a pattern fits a text, without the memory of where its last search ended (`g`, `y`). */
export const fits = (pattern: RegExp, text: string): boolean => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text);
