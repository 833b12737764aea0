// npm run bench [-- SCENARIO…]: what servers carry on this machine, side by side. Prints tables; writes JSON and plots.
import { fileURLToPath } from 'node:url';
import { guard } from './guard.ts';
import { keepOffTheServersCore } from './load/processes.ts';
import { peers } from './peers/index.ts';
import type { Peer } from './peers/peer.ts';
import { type Arguments, help, readArguments } from './runner/arguments.ts';
import { list } from './runner/list.ts';
import { machine, machineSentence } from './runner/machine.ts';
import { measure } from './runner/measure.ts';
import { Progress } from './runner/progress.ts';
import { folderOfDay, type Result, write } from './runner/results.ts';
import type { Scenario } from './runner/scenario.ts';
import { summary } from './runner/summary.ts';
import { table } from './runner/table.ts';
import { scenarios } from './scenarios/index.ts';

const title = (name: string): string => peers.find((peer) => peer.name === name)?.title ?? name;
const lacks = (name: string): string => peers.find((peer) => peer.name === name)?.lacks ?? '';

/** @throws Error with a sentence for a name that is none */
function chosen<T extends { readonly name: string }>(what: string, all: readonly T[], names: readonly string[]): readonly T[] {
  return names.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no ${what} "${name}". There are: ${all.map((one) => one.name).join(', ')}.`);
    return found;
  });
}

/** Who of those that were asked for can be measured in a scenario; of each other it is said why not. */
function able(scenario: Scenario, asked: Arguments['peers']): readonly Peer[] {
  const names = asked === undefined ? scenario.peers : asked.includes('all') ? peers.map(({ name }) => name) : asked;
  return chosen('peer', peers, names).filter((peer) => {
    const lacking = scenario.needs.filter((ability) => !peer.can.includes(ability));
    const why =
      lacking.length > 0 ? (asked === undefined || asked.includes('all') ? '' : `has no ${lacking.join(', no ')}`) : peer.missing?.();
    if (why) console.log(`  ${peer.title} is left out: ${why}`);
    return why === undefined;
  });
}

async function run(args: Arguments): Promise<number> {
  const here = machine();
  const at = new Date();
  const results: Result[] = [];
  const tables: string[] = [];
  const progress = new Progress();
  const folders = [args.out ?? fileURLToPath(new URL('out/latest/', import.meta.url))];
  if (args.keep) folders.push(folderOfDay(fileURLToPath(new URL('results/', import.meta.url)), at));
  keepOffTheServersCore();
  console.log(machineSentence(here));
  if (args.small) console.log('--small: this says whether it works, not how fast it is');
  for (const scenario of args.scenarios.length === 0 ? scenarios : chosen('scenario', scenarios, args.scenarios)) {
    const settings = {
      rounds: args.rounds ?? (args.small ? 1 : (scenario.rounds ?? 5)),
      seconds: args.seconds ?? (args.small ? 0.5 : (scenario.seconds ?? 5)),
      members: args.members,
      small: args.small,
      inFlight: args.inFlight,
    };
    console.log(`\n${scenario.title}: ${scenario.measures}\n  ${settings.rounds} rounds of ${settings.seconds} s`);
    const measured = await measure(scenario, able(scenario, args.peers), settings, (where) => progress.say(`${scenario.title}: ${where}`));
    progress.clear();
    const rows = summary(scenario, measured);
    const printed = table(scenario, rows, title, lacks);
    console.log(printed);
    tables.push(`\n${scenario.title}: ${scenario.measures}\n${printed}\n`);
    results.push({ scenario, settings, measured, rows });
    // After each: what was measured is not lost if the next one is given up.
    write(folders, results, tables.join('\n'), peers, here, at);
  }
  console.log(`\nwritten: ${folders.join(', ')}`);
  return results.some(({ measured }) => measured.some(({ failure }) => failure !== undefined)) ? 1 : 0;
}

async function prepare(names: Arguments['peers']): Promise<number> {
  let failed = 0;
  for (const peer of names === undefined || names.includes('all') ? peers : chosen('peer', peers, names)) {
    if (peer.missing?.() === undefined) continue;
    console.log(`${peer.title}: ${peer.prepare === undefined ? peer.missing?.() : 'is fetched'}`);
    await peer.prepare?.().catch((error: Error) => {
      failed++;
      console.log(`  ${error.message}`);
    });
  }
  return failed === 0 ? 0 : 1;
}

try {
  const args = readArguments(process.argv.slice(2), process.env);
  if (args.help) console.log(help);
  else if (args.list) console.log(list(scenarios, peers));
  else if (args.guard) {
    keepOffTheServersCore();
    process.exitCode = await guard();
  } else process.exitCode = args.prepare ? await prepare(args.peers) : await run(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// Agents keep connections, and some clients timers: what was to be done is done.
process.exit();
