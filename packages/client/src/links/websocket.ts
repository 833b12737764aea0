import type { EventName } from '@suda/protocol';
import { closeCodes } from '@suda/protocol/close-codes';
import { limits } from '@suda/protocol/limits';
import { paths } from '@suda/protocol/routes';
import { SUBPROTOCOL } from '@suda/protocol/version';
import type { SocketLike } from '../dialers.ts';
import { readWireError, SudaClientError, unavailable } from '../errors.ts';
import { ANSWER_WITHIN, type DialLink, type Link, OPEN_WITHIN } from './link.ts';

interface Asked {
  resolve(data: unknown): void;
  reject(error: SudaClientError): void;
  cancel(): void;
}

/** PROTOCOL §5: commands and events over one WebSocket. */
export const dialWebSocket: DialLink = ({ url, clock, dial }, handlers) => {
  const asked = new Map<number, Asked>();
  let socket: SocketLike | undefined;
  let ended = false;
  let count = 0;
  let cancelOpening = (): void => {};

  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    cancelOpening();
    for (const { cancel, reject } of asked.values()) {
      cancel();
      reject(unavailable('The connection broke before the answer came.'));
    }
    asked.clear();
    return true;
  };
  const lose = (code: number): void => {
    if (end()) handlers.lost({ code });
  };
  const hangUp = (): void => {
    try {
      socket?.close(closeCodes.normal.code);
    } catch {
      // One that never opened may refuse to be closed.
    }
  };

  const take = (text: unknown): void => {
    let frame: Record<string, unknown>;
    try {
      frame = JSON.parse(String(text)) as Record<string, unknown>;
    } catch {
      return;
    }
    if (typeof frame.event === 'string') {
      handlers.event(frame.event as EventName, frame.data);
      return;
    }
    const entry = asked.get(Number(frame.reply));
    if (!entry) return;
    asked.delete(Number(frame.reply));
    entry.cancel();
    const error = readWireError(frame.error);
    if (error) entry.reject(new SudaClientError(error));
    else entry.resolve(frame.data);
  };

  const ask = (event: string, data: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended || !socket) {
        reject(unavailable());
        return;
      }
      const id = ++count;
      const text = JSON.stringify({ event, data, id });
      // The server would close the connection (R5.5). A UTF-16 unit is at most three bytes.
      if (text.length * 3 > limits.payloadBytes && new TextEncoder().encode(text).length > limits.payloadBytes) {
        reject(new SudaClientError({ code: 'payload_too_large', message: 'This is too large to send.', retry: false }));
        return;
      }
      const cancel = clock.after(ANSWER_WITHIN, () => {
        asked.delete(id);
        reject(unavailable('The server did not answer.'));
      });
      asked.set(id, { resolve, reject, cancel });
      try {
        socket.send(text);
      } catch {
        asked.delete(id);
        cancel();
        reject(unavailable());
      }
    });

  try {
    const dialled = dial.websocket(url.replace(/^http/, 'ws') + paths.websocket, SUBPROTOCOL);
    socket = dialled;
    dialled.onopen = () => {
      cancelOpening();
      if (!ended) handlers.open();
    };
    dialled.onmessage = ({ data }) => {
      if (ended) return;
      handlers.heard();
      take(data);
    };
    dialled.onclose = ({ code }) => lose(code);
  } catch {
    queueMicrotask(() => lose(1006));
  }
  cancelOpening = clock.after(OPEN_WITHIN, () => {
    lose(1006);
    hangUp();
  });

  const link: Link = {
    transport: 'websocket',
    quiet: 25_000,
    command: ask,
    start: () => Promise.resolve(),
    listen() {},
    ping: () => void ask('ping', {}).catch(() => {}),
    close() {
      end();
      hangUp();
    },
  };
  return link;
};
