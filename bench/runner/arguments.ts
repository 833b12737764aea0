import { parseArgs } from 'node:util';

export interface Arguments {
  readonly scenarios: readonly string[];
  readonly peers: readonly string[] | undefined;
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  readonly members: number | undefined;
  readonly inFlight: readonly number[];
  readonly small: boolean;
  readonly out: string | undefined;
  readonly keep: boolean;
  readonly list: boolean;
  readonly prepare: boolean;
  readonly guard: boolean;
  readonly help: boolean;
}

export const help = `npm run bench -- [SCENARIO…] [settings]

  --peers A,B     who is measured; "all": everyone who can be. Default: the scenario's own
  --rounds N      rounds of each measurement, at least one (ROUNDS; 5, or the scenario's own)
  --seconds S     of measuring in each round (SECONDS; 5, or the scenario's own)
  --members N     instead of the scenario's own number of connections
  --in-flight A,B messages in flight, where that is varied (IN_FLIGHT; 1,8,64,512)
  --small         a tenth of everything, or less: to see that it works, not how fast
  --out FOLDER    results as JSON and plots (bench/out/latest)
  --keep          and beside them in bench/results/DATE
  --list          which scenarios and peers there are
  --prepare       fetches and builds what peers need that no ordinary installation brings, and ends
  --guard         beside Socket.IO within some seconds; fails when a hot room is not far ahead of it
  --help

BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=FOLDER" profiles the measured servers.
`;

/** @throws Error with a sentence for what can't be understood */
export function readArguments(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      peers: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      members: { type: 'string' },
      'in-flight': { type: 'string' },
      small: { type: 'boolean', default: false },
      out: { type: 'string' },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      prepare: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    scenarios: positionals,
    peers: values.peers?.split(',').map((name) => name.trim()),
    rounds: positive('--rounds', values.rounds ?? env.ROUNDS, true),
    seconds: positive('--seconds', values.seconds ?? env.SECONDS, false),
    members: positive('--members', values.members, true),
    inFlight: (values['in-flight'] ?? env.IN_FLIGHT ?? '1,8,64,512').split(',').map((text) => positive('--in-flight', text, true) ?? 1),
    small: values.small,
    out: values.out,
    keep: values.keep,
    list: values.list,
    prepare: values.prepare,
    guard: values.guard,
    help: values.help,
  };
}

function positive(name: string, text: string | undefined, whole: boolean): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    throw new Error(`${name} wants a ${whole ? 'whole ' : ''}number above 0, not "${text}".`);
  }
  return value;
}
