import { createSuda } from '@suda/client';

const suda = createSuda({ url: process.env.SUDA_URL ?? 'http://localhost:8005', name: 'Robin' });
suda.connect();
await suda.command('room.join', { room: 'lobby' });
const lobby = suda.room('lobby');
lobby.open();
lobby.send('Hello from the SDK'); // kept and sent again until it is on the server's disk
const stop = lobby.subscribe(({ messages, outbox }) => {
  const said = messages.findLast((message) => message.text === 'Hello from the SDK');
  if (said === undefined || outbox.length > 0) return;
  console.log(`${said.sender?.name}: ${said.text}`);
  stop();
  suda.close();
});
