import type { Peer } from '../peers/peer.ts';
import type { Scenario } from './scenario.ts';
import { columns } from './table.ts';

/** `--list`: what can be measured, and who. Whoever is missing says why. */
export function list(scenarios: readonly Scenario[], peers: readonly Peer[]): string {
  const version = (peer: Peer): string => {
    try {
      return peer.version();
    } catch {
      return '';
    }
  };
  return [
    'Scenarios',
    ...scenarios.map(({ name, measures }) => `  ${name.padEnd(16)}${measures}`),
    '',
    'Peers',
    columns([
      ['  name', 'is', 'version'],
      ...peers.map((peer) => [
        `  ${peer.name}`,
        `${peer.title} (${peer.lacks})`,
        peer.missing?.() === undefined ? version(peer) : 'missing',
      ]),
    ]),
    ...peers.flatMap((peer) => {
      const why = peer.missing?.();
      return why === undefined ? [] : [`  ${peer.name}: ${why}`];
    }),
  ].join('\n');
}
