import { createSuda } from '@suda/client';
import type { MessageModule, OnMessage } from './message-module.ts';

/** @param url a Suda chat server  @param name what this guest is called */
export async function overSuda(url: string, name = 'Guest', id = 'lobby'): Promise<MessageModule> {
  const suda = createSuda({ url, name });
  suda.connect();
  await suda.command('room.join', { room: id });
  const room = suda.room(id);
  room.open();
  await new Promise<void>((resolve) => room.subscribe(({ status }) => status === 'live' && resolve()));

  const listeners: OnMessage[] = [];
  suda.on('message', (message) => {
    if (message.room !== id || message.kind !== 'text') return;
    for (const listener of [...listeners]) listener(message.text);
  });
  return {
    onMessageEvent: (listener) => void listeners.push(listener),
    offMessageEvent(listener) {
      const at = listeners.indexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    },
    messageSend: (text) => void room.send(text), // kept until it is on the server's disk
    close: () => suda.close(),
  };
}
