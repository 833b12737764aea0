// Bun's own WebSocket server with its native publish, as its manual has it (https://bun.sh/docs/runtime/http/websockets#pub-sub), without
// compression, which is its default. Nobody is cut for silence. It stores nothing.
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, self) {
    const rooms = new URL(request.url).searchParams.get('rooms')?.split(',').filter(Boolean) ?? [];
    return self.upgrade(request, { data: { rooms } }) ? undefined : new Response('hello');
  },
  websocket: {
    idleTimeout: 0,
    open(socket) {
      for (const room of socket.data.rooms) socket.subscribe(room);
    },
    message(_socket, data) {
      const [room, text] = JSON.parse(data);
      server.publish(room, JSON.stringify(['message', text]));
    },
  },
});
console.log(`listening on http://localhost:${server.port}`);
process.once('SIGTERM', () => process.exit());
