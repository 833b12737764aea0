import { backup as copyStore } from '@suda/store-sqlite';
import { ConfigError, readConfig } from '../config.ts';
import { told } from './told.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `suda backup FILE`: copies the database, also while the server runs. */
export async function backup(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new ConfigError('Name the file to copy to: suda backup FILE [--data DIR]');
  const isTerminal = process.stderr.isTTY;
  const size = await told(
    copyStore(config.data, file, ({ done, total }) => {
      if (isTerminal) process.stderr.write(`\r${megabytes(done)} of about ${megabytes(total)} `);
    }),
  );
  if (isTerminal) process.stderr.write('\r');
  process.stdout.write(
    `${file}: ${megabytes(size)}. To restore, put it as suda.db into an empty folder and start with --data that folder.\n`,
  );
  return 0;
}
