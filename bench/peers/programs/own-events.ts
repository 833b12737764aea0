// An application's own events on Suda's server API: what socketio.ts does, with the import changed. It stores nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@suda/realtime';

const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  socket.join((socket.handshake.auth.rooms as string[] | undefined) ?? []);
  socket.on('say', (room: string, text: string, taken?: () => void) => {
    io.to(room).emit('message', text);
    taken?.();
  });
});
http.listen(0, '127.0.0.1', () => console.log(`listening on http://localhost:${(http.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit());
