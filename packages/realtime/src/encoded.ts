/** Data that is JSON already: an answer put together from pieces that were encoded once for many. */
export class Encoded {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** The JSON of data that may be encoded already. */
export const jsonOf = (data: unknown): string => (data instanceof Encoded ? data.json : JSON.stringify(data ?? {}));
