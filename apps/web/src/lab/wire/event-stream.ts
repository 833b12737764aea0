import { bytesOf, chunkBytes } from './bytes.ts';
import { jsonOf, type NewFrame, type Part, partsOf } from './frame.ts';

/** What EventSource gives of one block of the stream. */
export interface StreamEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/**
 * The block as it was on the wire (WHATWG HTML §9.2). EventSource gives its fields and not its text; our server writes the fields in this
 * order, and an `id:` only where it changes.
 */
export function blockText({ event, id, data }: StreamEvent, lastId: string): string {
  return `event: ${event}\n${id !== '' && id !== lastId ? `id: ${id}\n` : ''}data: ${data}\n\n`;
}

export function decodeStreamEvent(event: StreamEvent, lastId: string): NewFrame {
  const raw = blockText(event, lastId);
  const id: Part[] = event.id !== '' && event.id !== lastId ? [{ name: 'id', value: event.id }] : [];
  return {
    way: 'down',
    title: event.event,
    raw,
    parts: [{ name: 'event', value: event.event }, ...id, ...partsOf(jsonOf(event.data))],
    bytes: chunkBytes(bytesOf(raw)),
  };
}

/** What stands before the first event: how long to wait before coming back. @param begins the first lines, with their chunk lengths */
export function decodeRetry(begins: string): NewFrame | undefined {
  const retry = /^retry: (\d+)$/m.exec(begins)?.[1];
  if (retry === undefined) return undefined;
  return {
    way: 'down',
    title: 'retry',
    raw: `retry: ${retry}\n\n`,
    parts: [{ name: 'retry', value: `${retry} ms` }],
    bytes: bytesOf(begins),
  };
}
