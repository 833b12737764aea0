import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from '@suda/realtime';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  createReadStream(join(import.meta.dirname, 'page.html')).pipe(response);
});

// Plain WebSockets on the same port: each frame is the event `message`, and `send` is a frame.
const io = new Server(server, { plain: '/' });

io.on('connection', (socket) => {
  // Back to the one who said it. `io.send` would tell everyone.
  socket.on('message', (text) => socket.send(text));
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`echo is listening: http://localhost:${(server.address() as AddressInfo).port}`);
});
