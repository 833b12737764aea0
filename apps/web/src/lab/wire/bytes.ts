const utf8 = new TextEncoder();

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => utf8.encode(text).length;

/** Bytes of one chunk of an HTTP/1.1 body: its length in hexadecimal, two line ends, itself (RFC 9112 §7.1). */
export const chunkBytes = (body: number): number => body.toString(16).length + 4 + body;

/** A status line and headers as text. HTTP/2 would squeeze them (HPACK): what is counted is their text. */
export function headText(line: string, headers: Iterable<readonly [string, string]>): string {
  return `${line}\r\n${Array.from(headers, ([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** What a request's head costs, once the server has told what the browser really sends. */
export class RequestSize {
  readonly #rest: number;

  /** @param bytes of a whole head of this kind  @param target the path and query that it was for */
  constructor(bytes: number, target: string) {
    this.#rest = bytes - target.length;
  }

  /** @param target path and query  @param more header lines beside the usual ones, each with its line end */
  of(target: string, more = ''): number {
    return this.#rest + target.length + bytesOf(more);
  }
}

/** `1.2 KB`; bytes below a thousand are exact. */
export function sayBytes(bytes: number, language: string): string {
  const number = (value: number, digits: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
  if (bytes < 1_000) return `${number(Math.round(bytes), 0)} B`;
  return bytes < 1_000_000 ? `${number(bytes / 1_000, bytes < 100_000 ? 1 : 0)} KB` : `${number(bytes / 1_000_000, 1)} MB`;
}
