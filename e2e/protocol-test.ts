import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attachEngine, attachSocketIo, EngineServer, Realtime } from '@suda/realtime';

/** What the official suites ask of a server: short heartbeats, a megabyte, any page. */
const profile = { pingInterval: 300, pingTimeout: 200, maxPayload: 1_000_000, connectTimeout: 1_000 } as const;
const cors = { origin: '*' } as const;

/**
 * The server profile `protocol-test`: `/engine.io/` says back what it hears, `/socket.io/` speaks what the suites of the Socket.IO
 * and Engine.IO protocols expect. Dual-stack, because they ask for `localhost`, whatever that is first.
 * @param pingTimeout milliseconds that a client has to answer a heartbeat; the suites want 200, which is too short on a busy machine
 */
export async function protocolTestServer(
  port: number,
  { pingTimeout = 200 } = {},
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const realtime = new Realtime();
  const options = { ...profile, pingTimeout };
  const server = createServer((_request, response) => response.writeHead(404).end());
  const echo = new EngineServer(realtime, options, (engine) => ({ message: (data) => engine.send(data), ended: () => {} }));
  const detach = [
    attachEngine(server, echo, { path: '/engine.io/', cors }),
    attachSocketIo(realtime, server, {
      ...options,
      cors,
      namespaces: ['/', '/custom'],
      connected: (socket) => {
        socket.emit('auth', socket.auth);
        if (socket.namespace !== '/') return;
        socket.on('message', (args) => socket.emit('message-back', ...args));
        socket.on('message-with-ack', (args, ack) => ack?.(...args));
      },
    }),
  ];
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '::', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const away of detach) away();
      realtime.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (import.meta.main) {
  const { port } = await protocolTestServer(Number(process.env.PORT ?? 3000));
  console.log(`protocol-test is listening on ${port}`);
}
