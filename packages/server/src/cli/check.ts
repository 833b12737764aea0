import { join } from 'node:path';
import { check as checkStore, keptContents } from '@suda/store-sqlite';
import { ConfigError, readConfig } from '../config.ts';
import { checkContents } from '../files/archive.ts';
import { FILES } from '../files/contents.ts';
import { told } from './told.ts';

/** `suda check`: verifies the data folder, also while the server runs. Ends with 1 when something is wrong. */
export async function check(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  if (positionals.length > 0) throw new ConfigError(`"${positionals[0]}" is not understood: suda check [--data DIR]`);
  const { findings: ofStore, figures } = await told(async () => checkStore(config.data));
  const files = await told(async () => checkContents(join(config.data, FILES), keptContents(join(config.data, 'suda.db'))));
  const findings = [...ofStore, ...files.findings];
  const { users, rooms, members, messages, indexed, bytes, schema } = figures;
  process.stdout.write(
    `${rooms} rooms, ${messages} messages (${indexed} in the search index), ${users} users, ${members} memberships, ${files.count} files; ${(bytes / 1e6).toFixed(1)} MB, schema ${schema}\n`,
  );
  for (const finding of findings) process.stdout.write(`✖ ${finding}\n`);
  process.stdout.write(
    findings.length === 0 ? '✔ All is well: positions and revs without holes, search index in step, every file what its name says.\n' : '',
  );
  return findings.length === 0 ? 0 : 1;
}
