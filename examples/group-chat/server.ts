import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from '@suda/realtime';
import express from 'express';

const app = express();
const server = createServer(app);
const io = new Server(server);
const rooms = ['room1', 'room2'];

app.use(express.static(join(import.meta.dirname, 'public')));
// An ordinary route, beside it all.
app.get('/rooms', (_request, response) => {
  response.json(rooms.map((room) => ({ room, members: io.sockets.adapter.rooms.get(room)?.size ?? 0 })));
});

io.on('connection', (socket) => {
  console.log(`${socket.id} connected`);
  // To this one client: its id is a room in which it is alone.
  io.to(socket.id).emit('welcome', `${socket.id} 님, 어서 오세요. Welcome.`);

  // To everyone.
  socket.on('socketSend', (text) => io.emit('broadcast', text));

  // To those in a room. Rooms are the server's: nobody can enter one that it does not know.
  socket.on('joinroom', (room) => {
    if (rooms.includes(room)) socket.join(room);
  });
  socket.on('leaveroom', (room) => {
    if (rooms.includes(room)) socket.leave(room);
  });
  for (const room of rooms) {
    socket.on(`${room}-send`, (text) => {
      if (socket.rooms.has(room)) io.to(room).emit('broadcast', text, room);
      else socket.emit('refused', `${room}: 먼저 들어오세요. Enter it first.`);
    });
  }

  socket.on('disconnect', (reason) => console.log(`${socket.id} disconnected (${reason})`));
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`group-chat is listening: http://localhost:${(server.address() as AddressInfo).port}`);
});
