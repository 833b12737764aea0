import { existsSync } from 'node:fs';
import { connect, query } from './sqlite.ts';

/** What a database says of the bytes that it refers to. */
export interface KeptContent {
  /** SHA-256, in hexadecimal. */
  readonly hash: string;
  /** Whether a still picture stands beside it. */
  readonly picture: boolean;
}

/**
 * The contents that files of a database refer to, each once; also while a server writes to it.
 * @param file the database: that of a data folder, or a backup
 */
export function keptContents(file: string): KeptContent[] {
  if (!existsSync(file)) throw new Error(`There is no database at ${file}.`);
  const db = connect(file, { readOnly: true });
  try {
    const rows = query<[hash: string, picture: number]>(
      db,
      "SELECT hash, max(attachment ->> 'width' IS NOT NULL AND attachment ->> 'type' LIKE 'image/%') FROM files GROUP BY hash ORDER BY hash",
    );
    return rows.all().map(([hash, picture]) => ({ hash, picture: picture === 1 }));
  } finally {
    db.close();
  }
}
