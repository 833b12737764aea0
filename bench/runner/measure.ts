import type { Peer } from '../peers/peer.ts';
import type { Point, Sample, Scenario, Settings, Stage } from './scenario.ts';
import type { Measured } from './summary.ts';

/** Something to say while it goes on. */
export type Say = (where: string) => void;

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/**
 * All rounds of a scenario: at each point the peers in turn, the order changing from round to round, so that what the machine does meanwhile
 * it does to all of them. A peer that fails is left out from then on, and its row says why.
 */
export async function measure(scenario: Scenario, peers: readonly Peer[], settings: Settings, say: Say): Promise<readonly Measured[]> {
  const points = scenario.points(settings);
  const failures = new Map<Peer, string>();
  const stages = new Map<Peer, Stage>();
  const samples = new Map<string, Sample[]>();
  const of = (peer: Peer, point: Point): Sample[] => {
    const key = `${peer.name} ${point.name}`;
    const some = samples.get(key) ?? [];
    samples.set(key, some);
    return some;
  };
  const attempt = async (peer: Peer, act: () => Promise<void>): Promise<void> => {
    if (failures.has(peer)) return;
    try {
      await act();
    } catch (error) {
      failures.set(peer, `failed: ${sentence(error)}`);
      await stages
        .get(peer)
        ?.close()
        .catch(() => {});
      stages.delete(peer);
    }
  };
  const open = (peer: Peer): Promise<void> =>
    attempt(peer, async () => {
      say(`${peer.title} is set up`);
      stages.set(peer, await scenario.open(peer, settings, (where) => say(`${peer.title}: ${where}`)));
    });
  const close = (peer: Peer): Promise<void> =>
    attempt(peer, async () => {
      const stage = stages.get(peer);
      stages.delete(peer);
      await stage?.close();
    });
  try {
    if (!scenario.fresh) for (const peer of peers) await open(peer);
    for (const point of points) {
      for (let round = 0; round < settings.rounds; round++) {
        for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
          if (scenario.fresh) await open(peer);
          await attempt(peer, async () => {
            say(`${point.name}, round ${round + 1} of ${settings.rounds}: ${peer.title}`);
            const sample = await stages.get(peer)?.measure(point);
            if (sample !== undefined) of(peer, point).push(sample);
          });
          if (scenario.fresh) await close(peer);
        }
      }
    }
  } finally {
    for (const peer of peers) await close(peer);
  }
  return points.flatMap((point) =>
    peers.map((peer) => {
      const failure = failures.get(peer);
      return { peer: peer.name, point, samples: of(peer, point), ...(failure === undefined ? {} : { failure }) };
    }),
  );
}
