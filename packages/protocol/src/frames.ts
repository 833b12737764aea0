import type { WireError } from './errors.ts';

/** What a client says on a WebSocket: an event by name, and an id if it wants a reply. */
export interface ClientFrame {
  readonly event: string;
  readonly data: unknown;
  readonly id?: number | string;
}

/** A client's answer to an application's own event that came with an `id`. */
export interface ClientReply {
  readonly reply: number | string;
  readonly data: unknown;
}

/** What the server says: an event, or the reply to the frame of that id. */
export type ServerFrame =
  | { readonly event: string; readonly data: unknown; readonly id?: number }
  | { readonly reply: number | string; readonly data: unknown }
  | { readonly reply: number | string; readonly error: WireError };

/**
 * Reads a client's frame. The envelope is all that is judged here; `data` is parsed by whoever the event is for.
 * @returns undefined when the text is not JSON or not an envelope
 */
export function parseClientFrame(text: string): ClientFrame | ClientReply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { event, data, id, reply } = value as { event?: unknown; data?: unknown; id?: unknown; reply?: unknown };
  if (event === undefined && reply !== undefined) return isId(reply) ? { reply, data } : undefined;
  if (typeof event !== 'string' || event === '') return undefined;
  if (id === undefined) return { event, data };
  return isId(id) ? { event, data, id } : undefined;
}

const isId = (id: unknown): id is number | string =>
  typeof id === 'string' ? id.length <= 64 : typeof id === 'number' && Number.isFinite(id);
