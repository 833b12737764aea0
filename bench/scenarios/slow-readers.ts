import type { Member } from '../load/member.ts';
import { slowly } from '../load/raw-websocket.ts';
import { AFTER_COMING, measureRoom, quiet } from '../load/room.ts';
import { fixed, megabytes, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { everyone } from './rooms.ts';

const IN_FLIGHT = 8;
/** Of the members, one in so many reads slowly. */
const ONE_IN = 10;

export const slowReaders: Scenario = {
  name: 'slow-readers',
  title: 'Slow readers',
  measures: `500 members of one room, ${IN_FLIGHT} messages in flight; then 50 of them read 1 KB a second. What that does to the others, and to the server's memory.`,
  needs: ['room'],
  peers: everyone.filter((name) => name !== 'faye' && name !== 'nest'),
  reference: 'socketio',
  ratio: 'deliveries',
  columns: [
    { key: 'deliveries', title: 'deliveries/s to the others', format: whole, spread: true },
    { key: 'grown', title: 'MB grown', format: megabytes, spread: true },
    { key: 'memory', title: 'MB', format: megabytes },
    { key: 'gone', title: 'slow ones sent away', format: whole },
    { key: 'load', title: 'load CPU', format: percent },
    { key: 'others', title: 'others', format: fixed(2) },
  ],
  plots: [
    { key: 'deliveries', title: 'Slow readers: deliveries a second to the others', kind: 'bars', log: true },
    { key: 'memory', title: 'Slow readers: resident memory of the server, MB', kind: 'bars' },
  ],
  points: () => [
    { name: 'nobody is slow', value: 0 },
    { name: 'one in ten is slow', value: 1 },
  ],
  async open(peer, { members: wanted, small, seconds }) {
    const count = wanted ?? (small ? 20 : 500);
    const running = await peer.start();
    let all: readonly Member[] = [];
    const close = async (): Promise<void> => {
      for (const { socket } of all) socket.destroy();
      await running.stop();
    };
    try {
      const [name = ''] = await running.rooms(1);
      const members = await running.members(count - Math.ceil(count / ONE_IN), () => [name]);
      all = members;
      const crawling = await slowly(() => running.members(Math.ceil(count / ONE_IN), () => [name]));
      const slow = crawling.made;
      all = [...members, ...slow];
      await quiet(all, AFTER_COMING);
      return {
        async measure({ value }) {
          if (value === 1) crawling.begin();
          const before = running.server.resident();
          const { deliveries, used } = await measureRoom({ server: running.server, name, members }, IN_FLIGHT, seconds);
          const memory = running.server.resident();
          return {
            values: {
              deliveries: deliveries / used.seconds,
              grown: memory - before,
              memory,
              gone: slow.filter(({ socket }) => socket.destroyed).length,
              load: used.load,
              others: used.others,
            },
          };
        },
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
