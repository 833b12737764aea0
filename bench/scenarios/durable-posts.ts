import { pause } from '../load/pause.ts';
import { usage } from '../load/usage.ts';
import type { Poster } from '../peers/peer.ts';
import { microseconds, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';

/** How many speak, over what. */
const ways = [
  { name: 'WebSocket, 64 senders', over: 'websocket', senders: 64 },
  { name: 'HTTP, 16 clients', over: 'http', senders: 16 },
] as const;

export const durablePosts: Scenario = {
  name: 'durable-posts',
  title: 'Durable posts',
  measures:
    'Acknowledged messages a second: each sender in the same room says the next thing when the last was acknowledged. Nobody listens. Suda acknowledges what is on disk (fsync), the others what they have heard.',
  needs: ['posts'],
  peers: ['suda', 'suda-socketio', 'suda-events', 'socketio'],
  reference: 'socketio',
  ratio: 'posts',
  columns: [
    { key: 'posts', title: 'posts/s', format: whole, spread: true },
    { key: 'cpu', title: 'CPU µs/post', format: microseconds },
    { key: 'load', title: 'load CPU', format: percent },
    { key: 'others', title: 'others', format: (value) => value.toFixed(2) },
  ],
  plots: [{ key: 'posts', title: 'Acknowledged messages a second', kind: 'bars' }],
  points: ({ members }) =>
    ways.map(({ name, senders }, value) => ({
      name: members === undefined ? name : name.replace(String(senders), String(members)),
      value,
    })),
  async open(peer, { members, small, seconds }) {
    const running = await peer.start();
    try {
      const [room = ''] = await running.rooms(1);
      return { measure: ({ value }) => post(value), close: () => running.stop() };

      async function post(value: number): Promise<{ values: Record<string, number>; note?: string }> {
        const way = ways[value] ?? ways[0];
        const needed = way.over === 'http' ? 'http-posts' : 'posts';
        if (running.poster === undefined || !peer.can.includes(needed)) return { values: {} };
        const posters: Poster[] = [];
        try {
          const senders = members ?? (small ? 4 : way.senders);
          for (let i = 0; i < senders; i++) posters.push(await running.poster(way.over, room, i));
          let [taken, going] = [0, true];
          for (const poster of posters) {
            poster.taken = () => {
              taken++;
              if (going) poster.next();
            };
            poster.next();
          }
          await pause(Math.min(1_000, seconds * 1_000));
          const before = taken;
          const used = usage(running.server);
          await pause(seconds * 1_000);
          const count = taken - before;
          const { seconds: elapsed, server, load, others } = used();
          going = false;
          await pause(300);
          return { values: { posts: count / elapsed, cpu: server / count, load, others } };
        } finally {
          for (const { end } of posters) end();
        }
      }
    } catch (error) {
      await running.stop();
      throw error;
    }
  },
};
