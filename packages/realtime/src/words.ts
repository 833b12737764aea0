import type { Encoding } from './connection.ts';
import { type EntryOptions, Outgoing } from './entry.ts';
import { checkEventName } from './event-name.ts';

/** An event of an application's own as it was when it was said: whatever becomes of its arguments afterwards. */
export interface Spoken {
  readonly event: string;
  /** Each argument as JSON; bytes in it are base64. */
  readonly json: readonly string[];
  /** Asks for an acknowledgement under this id. */
  readonly id: number | undefined;
  /** The only argument, where that is a text or bytes. */
  readonly bare: string | Uint8Array | undefined;
  /** Whole frames of Socket.IO, where there are bytes among the arguments. */
  readonly binary: Uint8Array | undefined;
}

/** Encodes an event whose arguments have bytes among them, for Socket.IO's clients. */
export type EncodeBinary = (event: string, args: readonly unknown[], id: number | undefined) => Uint8Array;

/**
 * Several arguments as the one JSON value that a native client gets: none is `null`, one is itself, several are an array.
 * @param json each argument as JSON
 */
export const oneOf = (json: readonly string[]): string => (json.length > 1 ? `[${json.join()}]` : (json[0] ?? 'null'));

const bytesOf = (value: unknown): Uint8Array | undefined => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
};

/**
 * Arguments as JSON, bytes as base64.
 * @returns also whether there were bytes
 * @throws TypeError for what can't be written down: a circle, a BigInt
 */
export function toJson(args: readonly unknown[]): { readonly json: readonly string[]; readonly hasBytes: boolean } {
  let hasBytes = false;
  const replace = function (this: unknown, key: string, value: unknown): unknown {
    // A Buffer has turned itself into something else already (`toJSON`): look at what it was.
    const bytes = bytesOf((this as Record<string, unknown>)[key]);
    if (bytes === undefined) return value;
    hasBytes = true;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  };
  const json = args.map((arg) => (typeof arg === 'object' && arg !== null ? JSON.stringify(arg, replace) : JSON.stringify(arg)) ?? 'null');
  return { json, hasBytes };
}

/** An event of an application's own, with all its arguments, written down at once. */
export class Words extends Outgoing implements Spoken {
  readonly event: string;
  readonly args: readonly unknown[];
  readonly json: readonly string[];
  readonly id: number | undefined;
  readonly bare: string | Uint8Array | undefined;
  readonly binary: Uint8Array | undefined;

  /** @throws TypeError for a reserved name, and for arguments that can't be written down */
  constructor(
    event: string,
    args: readonly unknown[],
    encodeBinary: EncodeBinary,
    options: EntryOptions & { readonly id?: number | undefined } = {},
  ) {
    super(options);
    checkEventName(event);
    this.event = event;
    this.args = args;
    this.id = options.id;
    const { json, hasBytes } = toJson(args);
    const [only] = args;
    this.json = json;
    this.binary = hasBytes ? encodeBinary(event, args, options.id) : undefined;
    this.bare = args.length !== 1 ? undefined : typeof only === 'string' ? only : bytesOf(only)?.slice();
  }

  protected encode(encoding: Encoding): Uint8Array {
    return encoding.words?.(this) ?? encoding.event(this.event, oneOf(this.json));
  }
}
