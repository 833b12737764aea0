import type { Encoding } from './connection.ts';
import { type EntryOptions, Outgoing } from './entry.ts';
import { checkEventName } from './event-name.ts';

/**
 * Several arguments as the one JSON value that a native client gets: none is `null`, one is itself, several are an array.
 * Bytes are written as base64.
 */
export function oneOf(args: readonly unknown[]): string {
  const value = args.length > 1 ? args : args[0];
  return JSON.stringify(value, bytesAsBase64) ?? 'null';
}

function bytesAsBase64(this: unknown, key: string, value: unknown): unknown {
  // A Buffer has turned itself into something else already (`toJSON`): look at what it was.
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof ArrayBuffer) return Buffer.from(original).toString('base64');
  if (ArrayBuffer.isView(original)) return Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('base64');
  return value;
}

/** An event of an application's own, with all its arguments. */
export class Words extends Outgoing {
  readonly event: string;
  readonly args: readonly unknown[];
  /** Asks for an acknowledgement under this id. */
  readonly id: number | undefined;

  constructor(event: string, args: readonly unknown[], options: EntryOptions & { readonly id?: number | undefined } = {}) {
    super(options);
    checkEventName(event);
    this.event = event;
    this.args = args;
    this.id = options.id;
  }

  protected encode(encoding: Encoding): Uint8Array {
    return encoding.words?.(this.event, this.args, this.id) ?? encoding.event(this.event, oneOf(this.args));
  }
}
