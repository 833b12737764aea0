/**
 * What the SDK needs of a WebSocket: the part of the WHATWG interface that it uses. The SDK assigns the three handlers
 * right after dialling; call them later, never from within the dial.
 */
export interface SocketLike {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  /** `data` is the text of a frame. */
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  /** Once, whether the socket ever opened or not; RFC 6455 §7.4 codes, 1006 for a broken connection. */
  onclose: ((event: { readonly code: number }) => void) | null;
}

/** The ways out of this client. What is left out is the platform's. */
export interface Dialers {
  /** Opens a WebSocket to this `ws:`/`wss:` address, offering this subprotocol. */
  websocket?(url: string, subprotocol: string): SocketLike;
  /** WHATWG fetch: commands, event streams and polls. */
  fetch?(url: string, init: RequestInit): Promise<Response>;
  /** Whether `fetch` and `websocket` carry cookies, as in a browser. Default: whether there is a `document`. */
  readonly cookies?: boolean;
}

/** The platform's WebSocket and fetch. */
export const platformDialers: Required<Dialers> = {
  websocket(url, subprotocol) {
    // The platform's handlers take a whole Event; the SDK's read two fields of it.
    return new WebSocket(url, subprotocol) as unknown as SocketLike;
  },
  fetch: (url, init) => fetch(url, init),
  cookies: typeof document !== 'undefined',
};
