const byteOrderMarks: readonly (readonly [label: string, mark: string])[] = [
  ['utf-8', 'efbbbf'],
  ['utf-16le', 'fffe'],
  ['utf-16be', 'feff'],
];

/** What a page says of itself at its beginning (HTML Standard §13.2.3.2, the part that matters). */
function declared(bytes: Buffer): string | undefined {
  const label = /<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(bytes.subarray(0, 4_096).toString('latin1'))?.[1];
  // Who can read this declaration doesn't read UTF-16.
  return label?.replace(/^utf-16.*/i, 'utf-8');
}

/** @returns the text; undefined when the bytes are not of this encoding, or there is no such encoding */
function decodedBy(label: string, bytes: Buffer): string | undefined {
  try {
    // As a stream: what was cut in the middle of a letter is no mistake.
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/**
 * The text of a page: by its byte order mark, its header, its own word, or as UTF-8, whichever is true of the bytes. Many Korean pages are
 * in EUC-KR, and some say nothing or something else.
 */
export function decodePage(bytes: Buffer, contentType: string): string {
  const mark = byteOrderMarks.find(([, hex]) => bytes.subarray(0, hex.length / 2).toString('hex') === hex)?.[0];
  const header = /;\s*charset\s*=\s*"?\s*([\w-]{2,40})/i.exec(contentType)?.[1];
  for (const label of [mark, header, declared(bytes), 'utf-8', 'euc-kr']) {
    const text = label === undefined ? undefined : decodedBy(label, bytes);
    if (text !== undefined) return text;
  }
  return new TextDecoder().decode(bytes);
}
