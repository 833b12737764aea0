import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from '@suda/realtime';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  createReadStream(join(import.meta.dirname, 'page.html')).pipe(response);
});

const io = new Server(server);
// The server knows who is there: a list of one's own would only go wrong.
const tell = (what: string): void => console.log(`${what}; ${io.sockets.sockets.size} here`);

io.on('connection', (socket) => {
  tell(`${socket.id} came`);
  socket.on('message', (message) => io.emit('message', message));
  socket.on('disconnect', (reason) => tell(`${socket.id} went (${reason})`));

  // Looks at what this client says before anybody hears it. What it refuses is the socket's `error`.
  socket.use(([, message], next) => next(message ? undefined : new Error('빈 메시지입니다. There is nothing in this message.')));
  socket.on('error', (error) => {
    console.log(`${socket.id}: ${error.message}`);
    socket.emit('refused', error.message);
  });
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`message-relay is listening: http://localhost:${(server.address() as AddressInfo).port}`);
});
