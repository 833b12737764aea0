import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@suda/chat';
import { openSqliteStore } from '@suda/store-sqlite';
import { pino } from 'pino';
import { told } from '../cli/told.ts';
import { ConfigError } from '../config.ts';
import { FILES } from '../files/contents.ts';
import { recogniseByJwt } from '../host/jwt.ts';
import { type Recognise, recogniseBy } from '../host/recognise.ts';
import { createServer } from '../server.ts';
import { checkOptions, type SudaOptions } from './options.ts';
import { Suda } from './suda.ts';

const builtPage = fileURLToPath(new URL('../../../../apps/web/dist', import.meta.url));

/**
 * Makes a chat that is part of another application. It serves nothing until it is attached.
 * @example
 * const suda = await createSuda({ data: './data', identity: (request) => userOf(request) });
 * suda.attach(server);
 * @throws ConfigError with a sentence, for options that can't be meant and a folder that can't be used
 */
export async function createSuda(options: SudaOptions): Promise<Suda> {
  checkOptions(options);
  const { logger = pino({ level: 'warn', base: null }), path = '/chat', origins = [] } = options;
  const pageFolder = pageOf(options.page);
  const recognise = recogniseOf(options.identity);
  const mount = path.replace(/\/$/, '');
  const { store, ownSecret } = await open(options, (sentence) => logger.warn(sentence));
  try {
    const secret = options.secret ?? ownSecret;
    if (secret === undefined) throw new ConfigError('This store keeps no secret of its own: give one, with at least 16 characters.');
    const server = await createServer({
      store,
      filesFolder: filesOf(options),
      secret,
      logger,
      mount,
      pageFolder,
      origins,
      // Ids stay as they are when the secret is changed.
      hostKey: ownSecret ?? secret,
      guests: options.guests ?? recognise === undefined,
      frames: ["'self'", ...origins],
      ...(recognise === undefined ? {} : { recognise }),
      ...(options.worker === undefined ? {} : { worker: options.worker }),
      ...(options.name === undefined ? {} : { placeName: options.name }),
      ...(options.signIn === undefined ? {} : { signIn: options.signIn }),
      ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
      ...(options.gifs === undefined ? {} : { gifs: options.gifs }),
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(options.linkPreviews === undefined ? {} : { linkPreviews: options.linkPreviews }),
    });
    return new Suda(server, mount, (error, where) => logger.error({ err: error }, where));
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function open({ data, store }: SudaOptions, report: (sentence: string) => void): Promise<{ store: Store; ownSecret?: string }> {
  const opened = store ?? (await told(openSqliteStore({ folder: resolve(data ?? ''), report })));
  return 'secret' in opened && typeof opened.secret === 'string' ? { store: opened, ownSecret: opened.secret } : { store: opened };
}

function filesOf({ data, files }: SudaOptions): string | null {
  if (files !== undefined) return resolve(files);
  return data === undefined ? null : join(resolve(data), FILES);
}

function pageOf(page: SudaOptions['page']): string | null {
  if (page === false) return null;
  const folder = typeof page === 'string' ? page : builtPage;
  if (existsSync(join(folder, 'index.html'))) return resolve(folder);
  if (page === undefined) return null;
  throw new ConfigError(page === true ? 'The chat page is not built: npm run build makes it.' : `There is no index.html in ${folder}.`);
}

function recogniseOf(identity: SudaOptions['identity']): Recognise | undefined {
  if (identity === undefined) return undefined;
  return typeof identity === 'function' ? recogniseBy(identity) : recogniseByJwt(identity.jwt);
}
