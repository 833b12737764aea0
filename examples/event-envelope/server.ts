import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from '@suda/realtime';

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  createReadStream(join(import.meta.dirname, 'page.html')).pipe(response);
});

// WebSockets whose frames are JSON: {"event": "…", "data": …}.
const io = new Server(server, { websocket: '/' });

io.on('connection', (socket) => {
  socket.on('open', (data) => console.log('open:', JSON.stringify(data)));
  socket.on('request', (data) => socket.emit('response', { asked: data, at: new Date().toISOString() }));
  // Nothing else is needed: an event that nobody listens to, or a frame that is no JSON, is answered with the event `error`.
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`event-envelope is listening: http://localhost:${(server.address() as AddressInfo).port}`);
});
