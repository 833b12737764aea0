import { resolve } from 'node:path';
import type { UserId } from '@suda/protocol';
import { openSqliteStore } from '@suda/store-sqlite';
import { ConfigError, readConfig } from '../config.ts';
import { told } from './told.ts';

/** `suda release`: a keeper who can't come back (a guest whose browser has forgotten them) makes way for the next. */
export async function release(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  if (positionals.length > 0) throw new ConfigError(`"${positionals[0]}" is not understood: suda release [--data DIR]`);
  const store = await told(openSqliteStore({ folder: resolve(config.data) }));
  try {
    await store.execute({ type: 'place.release', actor: 'system' as UserId }, Date.now());
  } finally {
    await store.close();
  }
  process.stdout.write(
    'Nobody keeps this place now. Start the server: whoever opens it first at its own machine does, or by the link that it prints.\n',
  );
  return 0;
}
