import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attachEngine, EngineServer, Server } from '@suda/realtime';

/** What the official suites ask of a server: short heartbeats, a megabyte, any page. */
const profile = { pingInterval: 300 } as const;
const cors = { origin: '*' } as const;

/** For tests: a busy machine may take its time to answer a heartbeat, or to come into a namespace. */
export const PATIENT = { pingTimeout: 20_000, connectTimeout: 20_000 };

/**
 * The server profile `protocol-test`: `/engine.io/` says back what it hears, `/socket.io/` speaks what the suites of the Socket.IO
 * and Engine.IO protocols expect. Dual-stack, because they ask for `localhost`, whatever that is first.
 * @param pingTimeout milliseconds that a client has to answer a heartbeat; the suites want 200, which is too short on a busy machine
 * @param connectTimeout milliseconds in which it must come into a namespace
 */
export async function protocolTestServer(
  port: number,
  { pingTimeout = 200, connectTimeout = 1_000 } = {},
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const options = { ...profile, pingTimeout, connectTimeout };
  const server = createServer((_request, response) => response.writeHead(404).end());
  const io = new Server(server, { ...options, cors });
  const echo = new EngineServer(io.realtime, { ...options, maxPayload: 1_000_000 }, (engine) => ({
    message: (data) => engine.send(data),
    ended: () => {},
  }));
  const detach = attachEngine(server, echo, { path: '/engine.io/', cors });
  for (const namespace of [io.of('/'), io.of('/custom')]) {
    namespace.on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
  }
  io.on('connection', (socket) => {
    // What asks for an acknowledgement gets none: a function would be asked for one in its turn.
    socket.on('message', (...args) => socket.emit('message-back', ...args.filter((arg) => typeof arg !== 'function')));
    socket.on('message-with-ack', (...args) => args.pop()(...args));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '::', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      detach();
      const closed = io.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

if (import.meta.main) {
  const { port } = await protocolTestServer(Number(process.env.PORT ?? 3000));
  console.log(`protocol-test is listening on ${port}`);
}
