import '../cli/heap.ts';
import cluster from 'node:cluster';
import { rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { openSqliteReads } from '@suda/store-sqlite';
import { pino } from 'pino';
import { serverSettings } from '../cli/settings.ts';
import { createServer, type Server } from '../server.ts';
import { type Beginning, type FromWorker, LINE_FD, stopReading, type ToWorker } from './lifecycle.ts';
import { Link } from './link.ts';
import { linkedStore } from './linked-store.ts';
import { Passing } from './passing.ts';

/** One of the processes that serve together; started by the primary, and ended by it. */
const name = String(cluster.worker?.id);
/** Of all workers' sockets. The primary throws it away, unless it was killed. */
let sockets: string | undefined;
// Without the primary there is no store.
const link = new Link(name, new Socket({ fd: LINE_FD }), () => {
  if (sockets !== undefined) rmSync(sockets, { recursive: true, force: true });
  process.exit(1);
});

const tell = (message: FromWorker, socket?: Socket): void => void process.send?.(message, socket, { keepOpen: false });

async function begin(beginning: Beginning): Promise<{ server: Server; passing: Passing }> {
  const { config, secret, folder, host, port } = beginning;
  sockets = beginning.sockets;
  const logger = pino({ level: config['log-level'], base: { worker: name } });
  const report = (sentence: string): void => logger.warn(sentence);
  const passing = new Passing(beginning.sockets, name, (owner, head, socket) => {
    stopReading(socket);
    tell({ type: 'move', owner, head }, socket);
  });
  const others = Object.assign(link, {
    passRequest: passing.request.bind(passing),
    passUpgrade: passing.upgrade.bind(passing),
    askedOfAll: passing.askAll.bind(passing),
  });
  const store = linkedStore(await openSqliteReads({ folder, report }), link);
  const server = await createServer({ ...serverSettings(config, folder, secret), store, bus: link, others, logger });
  link.attend();
  await passing.listen((request, response) => server.handle(request, response));
  await server.listen(port, host, true);
  tell({ type: 'serving' });
  return { server, passing };
}

let serving: Promise<{ server: Server; passing: Passing }> | undefined;

async function stop(): Promise<void> {
  const begun = await serving;
  begun?.passing.close();
  await begun?.server.stop();
  process.exit(0);
}

process.on('message', (message: ToWorker, socket: Socket | undefined) => {
  if (message.type === 'begin') serving = begin(message.beginning);
  else if (message.type === 'stop') void stop();
  // It may be closed by now.
  else if (socket !== undefined) void serving?.then(({ server }) => server.adopt(socket, Buffer.from(message.head, 'latin1')));
});

// A terminal tells all processes; when to stop is the primary's to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
