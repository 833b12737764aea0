import { post } from '../load/posting.ts';
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
  peers: ['suda', 'suda-workers', 'suda-socketio', 'suda-events', 'socketio'],
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
      return {
        async measure({ value }) {
          const way = ways[value] ?? ways[0];
          if (!peer.can.includes(way.over === 'http' ? 'http-posts' : 'posts')) return { values: {} };
          return { values: await post(running, room, way.over, members ?? (small ? 4 : way.senders), seconds) };
        },
        close: () => running.stop(),
      };
    } catch (error) {
      await running.stop();
      throw error;
    }
  },
};
