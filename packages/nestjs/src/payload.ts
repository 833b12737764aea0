import type { Socket } from '@suda/realtime';

/** What a client said, as a handler gets it. */
export interface Payload {
  /** Nothing, the one argument, or the list of them. */
  readonly data: unknown;
  /** There if the client waits for an answer. */
  readonly acknowledge: ((...answer: unknown[]) => void) | undefined;
}

export function payloadOf(args: readonly unknown[]): Payload {
  const last = args.at(-1);
  const acknowledge = typeof last === 'function' ? (last as Payload['acknowledge']) : undefined;
  const said = acknowledge === undefined ? args : args.slice(0, -1);
  return { data: said.length > 1 ? said : said[0], acknowledge };
}

/** What a handler gave back: `{event, data}` is said to the client, anything else is the acknowledgement. Nothing is nothing. */
export function answer(socket: Socket, response: unknown, acknowledge: Payload['acknowledge']): void {
  if (response === undefined || response === null) return;
  const { event, data } = response as { readonly event?: unknown; readonly data?: unknown };
  if (typeof event === 'string' && event !== '') socket.emit(event, data);
  else acknowledge?.(response);
}
