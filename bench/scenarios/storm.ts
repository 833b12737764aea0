import { pause } from '../load/pause.ts';
import { usage } from '../load/usage.ts';
import { exactPercent, fixed, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { crowdStage, settled } from './crowd-stage.ts';

/** Messages a second, before, during and after. */
const RATE = 2;
/** After this a client that is not back never will be, in milliseconds. */
const LONGEST = 120_000;

export const storm: Scenario = {
  name: 'storm',
  title: 'Storm',
  measures: `5,000 real clients of one room, all cut at the same moment while ${RATE} messages a second go on. How long until all are back, and have everything; and what they lost. Each client in its default settings, WebSocket alone: Socket.IO's own, Suda's SDK, and Socket.IO's with Suda's cursors in its auth.`,
  needs: ['clients'],
  peers: ['suda', 'suda-socketio', 'socketio'],
  reference: 'socketio',
  ratio: 'back',
  lessIsBetter: true,
  fresh: true,
  rounds: 5,
  columns: [
    { key: 'half', title: 'half back s', format: fixed(2) },
    { key: 'back', title: 'all back s', format: fixed(2), spread: true },
    { key: 'complete', title: 'all complete s', format: fixed(2), spread: true },
    { key: 'lost', title: 'lost of those meanwhile', format: exactPercent, spread: true },
    { key: 'lacking', title: 'clients that lack some', format: whole },
    { key: 'doubles', title: 'doubles', format: whole },
    { key: 'cpu', title: 'server CPU s', format: fixed(2) },
    { key: 'load', title: 'load CPU', format: percent },
  ],
  plots: [
    { key: 'back', title: 'Storm: all clients are back after, s', kind: 'bars' },
    { key: 'lost', title: 'Storm: lost of what was said meanwhile', kind: 'bars' },
  ],
  points: ({ members, small }) => {
    const value = members ?? (small ? 40 : 5_000);
    return [{ name: `${whole(value)} clients`, value }];
  },
  async open(peer, { members, small, seconds }, say) {
    const count = members ?? (small ? 40 : 5_000);
    const stage = await crowdStage(peer, count, say);
    return {
      async measure() {
        const { crowd, running } = stage;
        const stop = stage.keepSaying(RATE);
        await pause(Math.max(1_000, seconds * 500));
        say('all are cut');
        const used = usage(running.server, () => crowd.cpu());
        const before = stage.sent();
        const cutAt = await crowd.cut(0);
        const end = Date.now() + LONGEST;
        while ((await crowd.report()).up < count && Date.now() < end) await pause(100);
        const { server, load } = used();
        const meanwhile = Math.max(1, stage.sent() - before);
        // Whoever comes back gets what is said from now on: two more messages show that they do.
        await pause(Math.max(1_000, seconds * 500));
        await stop();
        await settled(stage, count, LONGEST);
        const { up, distinct, doubles, lacking, backAt, completeAt } = await crowd.report();
        if (up < count) throw new Error(`${count - up} of ${count} clients never came back`);
        const back = backAt.map((at) => (at - cutAt) / 1_000).toSorted((a, b) => a - b);
        return {
          values: {
            half: back[count >> 1] ?? Number.NaN,
            back: back.at(-1) ?? Number.NaN,
            complete: lacking > 0 ? Number.NaN : (Math.max(...completeAt) - cutAt) / 1_000,
            lost: (count * stage.sent() - distinct) / (count * meanwhile),
            lacking,
            doubles,
            cpu: server,
            load,
          },
        };
      },
      close: stage.close,
    };
  },
};
