import type { WireError } from './errors.ts';

/** What a client says on a WebSocket: an event by name, and an id if it wants a reply. */
export interface ClientFrame {
  readonly event: string;
  readonly data: unknown;
  readonly id?: number | string;
}

/** What the server says: an event, or the reply to the frame of that id. */
export type ServerFrame =
  | { readonly event: string; readonly data: unknown }
  | { readonly reply: number | string; readonly data: unknown }
  | { readonly reply: number | string; readonly error: WireError };

/**
 * Reads a client's frame. The envelope is all that is judged here; `data` is parsed by whoever the event is for.
 * @returns undefined when the text is not JSON or not an envelope
 */
export function parseClientFrame(text: string): ClientFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { event, data, id } = value as { event?: unknown; data?: unknown; id?: unknown };
  if (typeof event !== 'string' || event === '') return undefined;
  if (id === undefined) return { event, data };
  if (typeof id === 'string' ? id.length > 64 : !(typeof id === 'number' && Number.isFinite(id))) return undefined;
  return { event, data, id: id as number | string };
}
