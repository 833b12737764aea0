import { pause } from '../load/pause.ts';
import { usage } from '../load/usage.ts';
import { exactPercent, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { crowdStage, settled } from './crowd-stage.ts';

const RATE = 5;

export const jitter: Scenario = {
  name: 'jitter',
  title: 'Jitter',
  measures: `1,000 real clients of one room, each cut every 15 s for 2 s, at different moments, while ${RATE} messages a second go on. Then all lines are sound again, and it is counted who got what. Clients as in storm.`,
  needs: ['clients'],
  peers: ['suda', 'suda-socketio', 'socketio'],
  reference: 'socketio',
  ratio: 'delivered',
  fresh: true,
  rounds: 5,
  seconds: 45,
  columns: [
    { key: 'delivered', title: 'delivered', format: exactPercent, spread: true },
    { key: 'lacking', title: 'clients that lack some', format: whole },
    { key: 'doubles', title: 'doubles', format: whole },
    { key: 'cpu', title: 'server CPU', format: percent },
    { key: 'load', title: 'load CPU', format: percent },
  ],
  plots: [{ key: 'delivered', title: 'Jitter: delivered', kind: 'bars' }],
  points: ({ members, small }) => {
    const value = members ?? (small ? 20 : 1_000);
    return [{ name: `${whole(value)} clients`, value }];
  },
  async open(peer, { members, small, seconds }, say) {
    const count = members ?? (small ? 20 : 1_000);
    const stage = await crowdStage(peer, count, say);
    return {
      async measure() {
        const { crowd, running } = stage;
        const used = usage(running.server, () => crowd.cpu());
        const stop = stage.keepSaying(RATE);
        await crowd.tell(small ? { do: 'jitter', everyMs: 3_000, forMs: 400 } : { do: 'jitter', everyMs: 15_000, forMs: 2_000 });
        await pause(Math.max(small ? 4_000 : 15_000, seconds * 1_000));
        await stop();
        const { seconds: elapsed, server, load } = used();
        await crowd.tell({ do: 'calm' });
        await settled(stage, count, 60_000);
        const { distinct, doubles, lacking } = await crowd.report();
        return { values: { delivered: distinct / (count * stage.sent()), lacking, doubles, cpu: server / elapsed, load } };
      },
      close: stage.close,
    };
  },
};
