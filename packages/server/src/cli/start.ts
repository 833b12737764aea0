import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { openSqliteStore, type SqliteStore } from '@suda/store-sqlite';
import { type Logger, pino } from 'pino';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { claimKeyOf } from '../place.ts';
import { reachOf } from '../reach.ts';
import { createServer } from '../server.ts';
import { serverSettings } from './settings.ts';
import { told } from './told.ts';

/** Who is still not gone after this long is cut off, in milliseconds. */
const STOP_WITHIN = 10_000;

/** A server that listens, in this process or in several. */
interface Serving {
  readonly host: string;
  readonly port: number;
  /** Resolves if it can't go on. */
  readonly failed?: Promise<Error>;
  /** Sends everyone away, and closes the store. */
  stop(): Promise<void>;
}

/** `suda start`: serves until it is told to stop. */
export async function start(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  if (positionals.length > 0) throw new ConfigError(`"${positionals[0]}" is not understood.\nSee suda --help.`);
  // From the first moment on: whoever starts us may stop us as soon as they read that we listen.
  const stop = toldToStop();
  const logger = pino({ level: config['log-level'], base: null });
  const folder = resolve(config.data);
  const store = await told(openSqliteStore({ folder, report: (sentence) => logger.warn(sentence) }));
  const secret = config['cookie-secret'] ?? store.secret;
  const serving = await (config.workers === 1 ? inOne : inSeveral)(config, folder, secret, store, logger);
  const { host, port } = serving;
  try {
    const more = await greeting(store, serving, claimKeyOf(secret));
    process.stdout.write([`Suda is listening: http://localhost:${port}  (data in ${folder})`, ...more, ''].join('\n'));
    logger.info({ port, host, folder }, 'listening');
  } catch (error) {
    await serving.stop();
    throw error;
  }
  const reason = await Promise.race([stop, ...(serving.failed === undefined ? [] : [serving.failed])]);
  logger.info(typeof reason === 'string' ? { signal: reason } : { err: reason }, 'stopping');
  const giveUp = setTimeout(() => process.exit(1), STOP_WITHIN);
  await serving.stop();
  clearTimeout(giveUp);
  logger.info('stopped');
  if (typeof reason !== 'string') throw new ConfigError(reason.message);
  return 0;
}

async function inOne(config: Config, folder: string, secret: string, store: SqliteStore, logger: Logger): Promise<Serving> {
  let server: Awaited<ReturnType<typeof createServer>>;
  try {
    server = await createServer({ ...serverSettings(config, folder, secret), store, logger });
  } catch (error) {
    await store.close();
    throw error;
  }
  try {
    return { ...(await listening(config, async (port, host) => (await server.listen(port, host)).port)), stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function inSeveral(config: Config, folder: string, secret: string, store: SqliteStore, logger: Logger): Promise<Serving> {
  try {
    const [{ freePort }, { Primary }] = await Promise.all([import('../workers/port.ts'), import('../workers/primary.ts')]);
    const { host, port } = await listening(config, freePort);
    const beginning = { config, secret, folder, host, port };
    const primary = await told(Primary.start({ store, count: config.workers, beginning, logger }));
    const stop = async (): Promise<void> => {
      await primary.stop();
      await store.close();
    };
    return { host, port, failed: primary.failed, stop };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Where others come in; and, while nobody keeps the place, how one who sits elsewhere may. */
async function greeting(store: SqliteStore, { host, port }: Serving, claimKey: string): Promise<string[]> {
  const reach = reachOf(host, port, networkInterfaces()) ?? [];
  const lines = reach.map((url) => `  in this network: ${url}`);
  if ((await store.place()).keeper !== null) return lines;
  const [url = `http://localhost:${port}`] = reach;
  return [...lines, `  nobody keeps this place yet; to name it from elsewhere than this machine: ${url}/#key=${claimKey}`];
}

/** Listens, or says what a person can put right. @returns what was taken in the end */
async function listening(
  { port, host }: Config,
  listen: (port: number, host: string) => Promise<number>,
): Promise<{ host: string; port: number }> {
  try {
    return { host, port: await listen(port, host) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // `::` takes both families; a machine without IPv6 has only the other.
    if (code === 'EAFNOSUPPORT' && host === '::') return { host: '0.0.0.0', port: await listen(port, '0.0.0.0') };
    if (code === 'EADDRINUSE') throw new ConfigError(`Port ${port} is in use. Choose another with --port or PORT.`);
    if (code === 'EACCES') throw new ConfigError(`Port ${port} may not be used by this user. Choose one above 1023 with --port or PORT.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ConfigError(`There is no address ${host} on this machine. Choose another with --host or HOST.`);
    throw error;
  }
}

/**
 * Resolves at the first SIGINT or SIGTERM. Ctrl-C reaches us twice, from the terminal and from whoever started us, so another
 * one within a second says nothing new; after that it means: at once.
 */
function toldToStop(): Promise<string> {
  return new Promise((told) => {
    let first = 0;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (first === 0) {
          first = Date.now();
          told(name);
        } else if (Date.now() - first > 1_000) process.exit(1);
      });
    }
  });
}
