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
  /** Like `fetch`, for a body that takes long: hears how much of it has gone, from 0 to 1. Default: XMLHttpRequest, where there is one. */
  upload?(url: string, init: RequestInit, progress: (sent: number) => void): Promise<Response>;
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
  upload: (url, init, progress) => (typeof XMLHttpRequest === 'undefined' ? fetch(url, init) : uploadWithProgress(url, init, progress)),
  cookies: typeof document !== 'undefined',
};

/** `fetch` doesn't tell how far a body has gone; its predecessor does. */
function uploadWithProgress(
  url: string,
  { method, headers, body, signal }: RequestInit,
  progress: (sent: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(String(method), url);
    request.withCredentials = true;
    new Headers(headers).forEach((text, name) => {
      request.setRequestHeader(name, text);
    });
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = request.onabort = reject;
    signal?.addEventListener('abort', () => request.abort());
    request.send(body as XMLHttpRequestBodyInit);
  });
}
