import { io } from 'socket.io-client';
import type { MessageModule } from './message-module.ts';

/** @param url a server that passes each `message` on, such as `server.ts` */
export async function overSocketIo(url: string): Promise<MessageModule> {
  const socket = io(url);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    onMessageEvent: (listener) => void socket.on('message', listener),
    // Never without the listener: `off('message')` would take away everybody's.
    offMessageEvent: (listener) => void socket.off('message', listener),
    messageSend: (text) => void socket.emit('message', text),
    close: () => void socket.disconnect(),
  };
}
