import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../peers/peer.ts';
import { bars } from './bars.ts';
import { short } from './formats.ts';
import { lines } from './lines.ts';
import { type Machine, machineSentence } from './machine.ts';
import type { Scenario, Settings } from './scenario.ts';
import type { Measured, Row } from './summary.ts';
import { tones } from './svg.ts';

export interface Result {
  readonly scenario: Scenario;
  readonly settings: Settings;
  readonly measured: readonly Measured[];
  readonly rows: readonly Row[];
}

/** Suda and Socket.IO have tones of their own in every plot; the others share what is left, and are told apart by their names. */
const toneOf = (peers: readonly Peer[], name: string): number => {
  const at = peers.findIndex((peer) => peer.name === name);
  return [0, 2, 3, 1][at] ?? tones - 1 - (at % 2);
};

/** A scenario's plots, each with the name of its file. */
export function plotsOf(
  { scenario, settings, rows }: Result,
  peers: readonly Peer[],
  machine: Machine,
): readonly { file: string; svg: string }[] {
  const title = (name: string): string => peers.find((peer) => peer.name === name)?.title ?? name;
  const subtitle = `median and range of ${settings.rounds} rounds; ${machine.cores} cores, ${machine.model}${settings.small ? '; SMALL: says nothing about speed' : ''}`;
  return scenario.plots.map((plot) => {
    const own = rows.map((row) => ({ row, value: row.values[plot.key] ?? { median: Number.NaN, least: Number.NaN, most: Number.NaN } }));
    const column = scenario.columns.find(({ key }) => key === plot.key);
    const format = column === undefined ? short : (value: number): string => (value >= 10_000 ? short(value) : column.format(value));
    const svg =
      plot.kind === 'bars'
        ? bars(
            plot.title,
            subtitle,
            own.map(({ row, value }) => ({ group: row.point, name: title(row.peer), tone: toneOf(peers, row.peer), value })),
            format,
            plot.log === true,
          )
        : lines(
            plot.title,
            subtitle,
            plot.axis ?? '',
            [...new Set(rows.map(({ peer }) => peer))].map((name) => ({
              name: title(name),
              tone: toneOf(peers, name),
              points: own.flatMap(({ row, value }) => (row.peer === name && row.x !== undefined ? [{ x: row.x, y: value }] : [])),
            })),
            format,
            plot.log === true,
          );
    return { file: `${scenario.name}-${plot.key}.svg`, svg };
  });
}

/** Everything as JSON: each round's values, and what came of them. */
function json(results: readonly Result[], peers: readonly Peer[], machine: Machine, at: Date): string {
  const used = new Set(results.flatMap(({ measured }) => measured.map(({ peer }) => peer)));
  return `${JSON.stringify(
    {
      at: at.toISOString(),
      machine,
      peers: peers
        .filter(({ name }) => used.has(name))
        .map(({ name, title, lacks, version }) => ({ name, title, version: version(), lacks })),
      scenarios: results.map(({ scenario, settings, measured, rows }) => ({
        name: scenario.name,
        measures: scenario.measures,
        settings,
        rounds: measured.map(({ peer, point, samples, failure }) => ({
          peer,
          point: point.name,
          values: samples.map(({ values }) => values),
          failure,
        })),
        rows,
      })),
    },
    null,
    1,
  )}\n`;
}

/** A folder of a day's results: another run of the same day gets another. */
export function folderOfDay(results: string, at: Date): string {
  const day = join(results, at.toISOString().slice(0, 10));
  let folder = day;
  for (let run = 2; existsSync(folder); run++) folder = `${day}-${run}`;
  return folder;
}

/** Writes JSON, tables and plots into folders. */
export function write(
  folders: readonly string[],
  results: readonly Result[],
  tables: string,
  peers: readonly Peer[],
  machine: Machine,
  at: Date,
): void {
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'results.json'), json(results, peers, machine, at));
    writeFileSync(join(folder, 'tables.txt'), `${at.toISOString()}\n${machineSentence(machine)}\n${tables}`);
    for (const result of results) for (const { file, svg } of plotsOf(result, peers, machine)) writeFileSync(join(folder, file), svg);
  }
}
