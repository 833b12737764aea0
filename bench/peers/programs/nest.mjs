// A Nest gateway on its Socket.IO adapter, as its manual has it (https://docs.nestjs.com/websockets/gateways), with Socket.IO set up as in
// socketio.ts. Decorators are applied by hand, so nothing needs compiling; to Nest it is the same. It stores nothing.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';

class Rooms {
  /** @param {import('socket.io').Socket} socket */
  async handleConnection(socket) {
    await socket.join(socket.handshake.auth.rooms ?? []);
  }

  /** @param {import('socket.io').Socket} _socket @param {[string, string]} said */
  say(_socket, [room, text]) {
    this.server.to(room).emit('message', text);
  }
}
WebSocketServer()(Rooms.prototype, 'server');
SubscribeMessage('say')(Rooms.prototype, 'say', Object.getOwnPropertyDescriptor(Rooms.prototype, 'say'));
WebSocketGateway({ transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false })(Rooms);

class App {}
Module({ providers: [Rooms] })(App);

const app = await NestFactory.create(App, { logger: ['error'] });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
console.log(`listening on http://localhost:${app.getHttpServer().address().port}`);
