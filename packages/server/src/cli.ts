import './cli/heap.ts';
import { ConfigError, settingsHelp } from './config.ts';
import { VERSION } from './version.ts';

const help = `Suda ${VERSION}: a chat server that loses nothing.

Usage
  suda start [settings]          serve (the default)
  suda backup FILE [--data DIR]  copy the database to FILE and uploads to FILE.files, also while the server runs
  suda check [--data DIR]        verify the data folder: positions and revs without holes, search index in step, files undamaged
  suda release [--data DIR]      give the place free for another keeper, while the server is stopped
  suda --help | --version

Settings, as flag or environment variable (flags win; a file .env in the current folder is read too)
${settingsHelp()}

To restore a backup, put it as suda.db (and FILE.files as files) into an empty folder and start with --data that folder.
`;

type Run = (args: readonly string[]) => Promise<number>;

const subcommands: Readonly<Record<string, () => Promise<Run>>> = {
  start: async () => (await import('./cli/start.ts')).start,
  backup: async () => (await import('./cli/backup.ts')).backup,
  release: async () => (await import('./cli/release.ts')).release,
  check: async () => (await import('./cli/check.ts')).check,
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h') || args[0] === 'help') {
    process.stdout.write(help);
    return 0;
  }
  if (args.includes('--version') || args[0] === 'version') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const [first = 'start', ...rest] = args;
  const named = !first.startsWith('-');
  const load = subcommands[named ? first : 'start'];
  if (load === undefined) throw new ConfigError(`There is no subcommand "${first}".\nSee suda --help.`);
  const run = await load();
  return run(named ? rest : args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A sentence for what a person can put right; the whole story for what they can't.
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
