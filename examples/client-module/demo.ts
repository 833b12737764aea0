// Subscribes twice, takes one back, takes the other back, and says each time how often it heard.
import { overSocketIo } from './over-socket-io.ts';
import { overSuda } from './over-suda.ts';

const { SUDA_URL } = process.env;
const relay = SUDA_URL ? undefined : await import('./server.ts');
const client = await (relay ? overSocketIo(relay.url) : overSuda(SUDA_URL ?? ''));
console.log(relay ? 'over socket.io-client' : `over @suda/client, in the lobby of ${SUDA_URL}`);

/** Says something, and resolves when it is back. */
function say(text: string): Promise<void> {
  return new Promise((resolve) => {
    client.onMessageEvent(function back(heard) {
      if (heard !== text) return;
      client.offMessageEvent(back);
      resolve();
    });
    client.messageSend(text);
  });
}

let count = 0;
const listener = (): void => void count++;
for (const [what, act] of [
  ['subscribed once', () => client.onMessageEvent(listener)],
  ['subscribed twice', () => client.onMessageEvent(listener)],
  ['took one back', () => client.offMessageEvent(listener)],
  ['took the other back', () => client.offMessageEvent(listener)],
] as const) {
  act();
  count = 0;
  await say(what);
  console.log(`  ${what.padEnd(20)} heard ${count} times`);
}

client.close();
await relay?.io.close();
