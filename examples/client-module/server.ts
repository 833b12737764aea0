import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@suda/realtime';

const server = createServer((_request, response) => response.end('client-module: see the terminal\n'));
export const io = new Server(server);
io.on('connection', (socket) => {
  socket.on('message', (text) => io.emit('message', text));
});

await new Promise<void>((resolve) => server.listen(Number(process.env.PORT ?? 3000), resolve));
export const url = `http://localhost:${(server.address() as AddressInfo).port}`;
console.log(`client-module is listening: ${url}`);
