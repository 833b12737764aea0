// Socket.IO 4.8 as its own documentation sets it up for performance: WebSocket only, no compression, `ws` as engine, the first
// request of each connection forgotten (https://socket.io/docs/v4/performance-tuning, …/memory-usage). It stores nothing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false });
io.engine.on('connection', (socket: { request: unknown }) => {
  socket.request = null;
});
io.on('connection', (socket) => {
  void socket.join((socket.handshake.auth.rooms as string[] | undefined) ?? []);
  socket.on('say', (room: string, text: string, taken?: () => void) => {
    io.to(room).emit('message', text);
    taken?.();
  });
});
http.listen(0, '127.0.0.1', () => console.log(`listening on http://localhost:${(http.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit());
