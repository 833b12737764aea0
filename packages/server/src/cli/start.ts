import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '@suda/store-sqlite';
import { pino } from 'pino';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { FILES } from '../files/contents.ts';
import type { OutsideOptions } from '../gifs/outside.ts';
import { claimKeyOf } from '../place.ts';
import { createServer, type Server } from '../server.ts';
import { told } from './told.ts';

const pageFolder = fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url));
/** Who is still not gone after this long is cut off, in milliseconds. */
const STOP_WITHIN = 10_000;

/** `suda start`: serves until it is told to stop. */
export async function start(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  if (positionals.length > 0) throw new ConfigError(`"${positionals[0]}" is not understood.\nSee suda --help.`);
  // From the first moment on: whoever starts us may stop us as soon as they read that we listen.
  const stop = toldToStop();
  const logger = pino({ level: config['log-level'], base: null });
  const folder = resolve(config.data);
  const store = await told(openSqliteStore({ folder, report: (sentence) => logger.warn(sentence) }));
  let server: Server;
  const secret = config['cookie-secret'] ?? store.secret;
  const claimKey = claimKeyOf(secret);
  try {
    server = await createServer({
      store,
      filesFolder: join(folder, FILES),
      secret,
      claimKey,
      logger,
      pageFolder,
      origins: config.origins,
      trustProxy: config['trust-proxy'],
      rate: config.rate,
      linkPreviews: config['link-previews'],
      gifs: gifsOf(config),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
  try {
    const port = await listen(server, config);
    const more = await greeting(server, port, claimKey);
    process.stdout.write([`Suda is listening: http://localhost:${port}  (data in ${folder})`, ...more, ''].join('\n'));
    logger.info({ port, host: config.host, folder }, 'listening');
  } catch (error) {
    await server.stop();
    throw error;
  }
  const signal = await stop;
  logger.info({ signal }, 'stopping');
  const giveUp = setTimeout(() => process.exit(1), STOP_WITHIN);
  await server.stop();
  clearTimeout(giveUp);
  logger.info('stopped');
  return 0;
}

/** Where others come in; and, while nobody keeps the place, how one who sits elsewhere may. */
async function greeting(server: Server, port: number, claimKey: string): Promise<string[]> {
  const reach = server.reach() ?? [];
  const lines = reach.map((url) => `  in this network: ${url}`);
  if ((await server.chat.store.place()).keeper !== null) return lines;
  const [url = `http://localhost:${port}`] = reach;
  return [...lines, `  nobody keeps this place yet; to name it from elsewhere than this machine: ${url}/#key=${claimKey}`];
}

/** Where GIFs can be looked for outside. */
function gifsOf({ 'gif-provider': provider, 'gif-key': key, 'gif-url': url }: Config): OutsideOptions | null {
  if (provider === undefined || key === undefined) return null;
  return url === undefined ? { provider, key } : { provider, key, url };
}

/** Listens, or says what a person can put right. @returns the port */
async function listen(server: Server, { port, host }: Config): Promise<number> {
  try {
    return (await server.listen(port, host)).port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // `::` takes both families; a machine without IPv6 has only the other.
    if (code === 'EAFNOSUPPORT' && host === '::') return (await server.listen(port, '0.0.0.0')).port;
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
