import { readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { z } from 'zod';
import { Addresses } from './addresses.ts';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const origin = z.string().regex(/^https?:\/\/[^/\s]+\/?$/, 'an origin looks like https://example.org');

const MOST_WORKERS = 64;
const workersWanted = `a whole number from 1 to ${MOST_WORKERS}`;

/** Every setting: its flag, its variable, what it means, what it may be. */
const settings = {
  port: {
    env: 'PORT',
    text: 'TCP port; 0 takes a free one',
    example: '8005',
    schema: z.coerce.number().int().min(0).max(65_535).default(8005),
  },
  host: { env: 'HOST', text: 'address to listen on', example: '::', schema: z.string().min(1).default('::') },
  data: { env: 'SUDA_DATA', text: 'folder that keeps everything', example: './data', schema: z.string().min(1).default('./data') },
  workers: {
    env: 'SUDA_WORKERS',
    text: 'processes that share the port and the data: as many as cores can be spared',
    example: '1',
    schema: z.coerce.number({ error: workersWanted }).int(workersWanted).min(1, workersWanted).max(MOST_WORKERS, workersWanted).default(1),
  },
  'cookie-secret': {
    env: 'COOKIE_SECRET',
    text: 'signs sessions; made and kept with the data (and its backups) when not set',
    example: '',
    schema: z.string().min(16, 'at least 16 characters').optional(),
  },
  'trust-proxy': {
    env: 'SUDA_TRUST_PROXY',
    text: 'addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, comma between; "loopback" for this machine',
    example: '',
    schema: list.superRefine((value, context) => {
      try {
        new Addresses(value);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      }
    }),
  },
  origins: {
    env: 'SUDA_ORIGINS',
    text: 'other origins whose pages may use this server, comma between',
    example: '',
    schema: list.pipe(z.array(origin)),
  },
  rate: {
    env: 'SUDA_RATE',
    text: 'messages a second that one person may send in the long run (bursts of ten times as many pass); 0 switches every rate limit off',
    example: '50',
    schema: z.coerce.number().min(0).max(1_000_000).default(50),
  },
  'link-previews': {
    env: 'SUDA_LINK_PREVIEWS',
    text: 'on: the server looks at what addresses in messages lead to, for a card below them; off: it asks nobody',
    example: 'on',
    schema: z
      .enum(['on', 'off'])
      .default('on')
      .transform((value) => value === 'on'),
  },
  'gif-provider': {
    env: 'SUDA_GIF_PROVIDER',
    text: 'where GIFs can be looked for beside the own library: giphy or klipy; nowhere when not set',
    example: '',
    schema: z.enum(['giphy', 'klipy']).optional(),
  },
  'gif-key': { env: 'SUDA_GIF_KEY', text: 'the key that the provider of GIFs gave you', example: '', schema: z.string().min(1).optional() },
  'gif-url': {
    env: 'SUDA_GIF_URL',
    text: 'another address of the provider, for a relay; its files are then fetched from there too',
    example: '',
    schema: origin.transform((url) => url.replace(/\/$/, '')).optional(),
  },
  'log-level': {
    env: 'LOG_LEVEL',
    text: 'fatal, error, warn, info, debug, trace or silent',
    example: 'info',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  },
} as const;

/** Their values are not repeated in a message. */
const secrets: ReadonlySet<string> = new Set(['cookie-secret', 'gif-key']);

type SettingName = keyof typeof settings;
export type Config = { readonly [N in SettingName]: z.output<(typeof settings)[N]['schema']> };

/** Something about the settings that a person must put right. The message is for them. */
export class ConfigError extends Error {}

/** The lines of `--help` about the settings. */
export function settingsHelp(): string {
  const rows = Object.entries(settings).map(([flag, { env, text, example }]) => [
    `--${flag}`,
    env,
    example === '' ? text : `${text} (${example})`,
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(([flag = '', env = '', text = '']) => `  ${flag.padEnd(width(0))}  ${env.padEnd(width(1))}  ${text}`).join('\n');
}

/**
 * The settings, from flags, else the environment, else the file `.env`, else their defaults.
 * @param args what stands after the subcommand
 * @param env the environment
 * @param envFile path of a `.env` file; one that is not there is fine
 * @returns the settings and what else was on the command line
 * @throws ConfigError with a sentence for each mistake
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv, envFile: string): { config: Config; positionals: string[] } {
  const names = Object.keys(settings) as SettingName[];
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      allowPositionals: true,
    });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\nSee suda --help.`);
  }
  const file = readEnvFile(envFile);
  const config: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const name of names) {
    const { env: variable, schema } = settings[name];
    const [source, value] =
      parsed.values[name] !== undefined
        ? [`--${name}`, parsed.values[name]]
        : env[variable] !== undefined && env[variable] !== ''
          ? [variable, env[variable]]
          : [`${variable} in ${envFile}`, file[variable] === '' ? undefined : file[variable]];
    const result = schema.safeParse(value);
    if (result.success) config[name] = result.data;
    else mistakes.push(`${source} is "${secrets.has(name) ? '…' : String(value)}": ${result.error.issues[0]?.message ?? 'not valid'}`);
  }
  if (mistakes.length === 0 && (config['gif-provider'] === undefined) !== (config['gif-key'] === undefined))
    mistakes.push('A provider of GIFs needs both SUDA_GIF_PROVIDER and SUDA_GIF_KEY.');
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return { config: config as Config, positionals: parsed.positionals };
}

function readEnvFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
