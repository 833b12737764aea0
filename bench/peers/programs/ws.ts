// `ws` and a loop over the room: what one writes first. The text is encoded once; each `send` makes a frame and a write. No compression,
// which is its default (https://github.com/websockets/ws#websocket-compression). It stores nothing.
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const rooms = new Map<string, Set<WebSocket>>();
server.on('connection', (socket, request) => {
  const own = new URL(request.url ?? '', 'http://localhost').searchParams.get('rooms')?.split(',').filter(Boolean) ?? [];
  for (const room of own) {
    const inside = rooms.get(room) ?? new Set();
    rooms.set(room, inside.add(socket));
  }
  socket.on('message', (data) => {
    const [room, text] = JSON.parse(String(data)) as [string, string];
    const message = Buffer.from(JSON.stringify(['message', text]));
    for (const one of rooms.get(room) ?? []) one.send(message, { binary: false });
  });
  socket.on('close', () => {
    for (const room of own) rooms.get(room)?.delete(socket);
  });
});
server.on('listening', () => console.log(`listening on http://localhost:${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit());
