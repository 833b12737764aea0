import { Agent, request } from 'node:http';
import { FrameCounter } from '../load/frame-counter.ts';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import type { ServerProcess } from '../load/server-process.ts';
import { guest, startSuda } from '../load/suda-process.ts';

const TEXT = 'x'.repeat(100);

export interface PostsResult {
  readonly over: 'websocket' | 'http';
  readonly senders: number;
  readonly postsPerSecond: number;
  /** Server CPU of each, in seconds. */
  readonly cpuPerPost: number;
  readonly loadCpu: number;
}

/** One who says something again and again, the next when the last was acknowledged. */
type Sender = (acknowledged: () => void) => { next(): void; end(): void };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Acknowledged messages a second: each sender in the same room, one message of theirs on its way at a time. Nobody listens.
 * @param seconds of measuring, after one of warming up
 */
export async function durablePosts(over: 'websocket' | 'http', senders: number, seconds: number): Promise<PostsResult> {
  const server = await startSuda((process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean));
  const all: ReturnType<Sender>[] = [];
  let acknowledged = 0;
  let running = true;
  try {
    const owner = await guest(server.port, 'owner');
    const room = ((await owner.post('/v1/rooms', { name: 'posts', kind: 'public' })) as { id: string }).id;
    for (let i = 0; i < senders; i++) {
      const person = await guest(server.port, `sender ${i}`);
      await person.post(`/v1/rooms/${room}/join`, {});
      const make = over === 'websocket' ? await webSocketSender(server, person.token, room) : httpSender(server, person.token, room);
      const sender = make(() => {
        acknowledged++;
        if (running) sender.next();
      });
      all.push(sender);
    }
    for (const { next } of all) next();
    await pause(1_000);
    const begin = { at: performance.now(), cpu: server.cpu(), own: process.cpuUsage(), acknowledged };
    await pause(seconds * 1_000);
    const elapsed = (performance.now() - begin.at) / 1_000;
    const count = acknowledged - begin.acknowledged;
    const { user, system } = process.cpuUsage(begin.own);
    return {
      over,
      senders,
      postsPerSecond: count / elapsed,
      cpuPerPost: (server.cpu() - begin.cpu) / count,
      loadCpu: (user + system) / 1e6 / elapsed,
    };
  } finally {
    running = false;
    await pause(300);
    for (const { end } of all) end();
    await server.stop();
  }
}

async function webSocketSender(server: ServerProcess, token: string, room: string): Promise<Sender> {
  const raw = await openRaw('127.0.0.1', server.port, '/v1/ws', { Authorization: `Bearer ${token}` });
  let said = 0;
  return (acknowledged) => {
    const counter = new FrameCounter();
    raw.receive((chunk) => {
      const before = counter.frames;
      counter.push(chunk);
      for (let i = before; i < counter.frames; i++) acknowledged();
    });
    return {
      next: () =>
        void raw.socket.write(
          clientFrame(`{"event":"message.send","data":{"room":"${room}","clientId":"c${++said}","text":"${TEXT}"},"id":${said}}`),
        ),
      end: () => raw.socket.destroy(),
    };
  };
}

function httpSender({ port }: ServerProcess, token: string, room: string): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let said = 0;
  return (acknowledged) => ({
    next() {
      const body = `{"clientId":"c${++said}","text":"${TEXT}"}`;
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': body.length };
      const asked = request({ agent, host: '127.0.0.1', port, method: 'POST', path: `/v1/rooms/${room}/messages`, headers }, (response) => {
        if (response.statusCode !== 200 && response.statusCode !== 201) throw new Error(`${response.statusCode}`);
        response.resume().once('end', acknowledged);
      });
      asked.on('error', () => {});
      asked.end(body);
    },
    end: () => agent.destroy(),
  });
}
