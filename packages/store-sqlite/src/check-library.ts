import type { DatabaseSync } from 'node:sqlite';
import { gramsOf } from '@suda/chat';
import type { Findings } from './findings.ts';
import { query } from './sqlite.ts';

/** Verifies that each GIF of the library is found by its words, and by nothing else. */
export function checkLibrary(db: DatabaseSync, findings: Findings): void {
  db.exec("CREATE VIRTUAL TABLE temp.gif_terms USING fts5vocab('main', 'gifs_fts', 'instance')");
  const kept = new Map<number, string[]>();
  const terms = query<readonly [key: number, term: string, place: number]>(db, 'SELECT doc, term, "offset" FROM temp.gif_terms');
  for (const [key, term, place] of terms.iterate()) {
    const grams = kept.get(key) ?? [];
    kept.set(key, grams);
    grams[place] = term;
  }
  for (const [key, file, words] of query<readonly [number, string, string]>(db, 'SELECT key, file, words FROM gifs').iterate()) {
    if (gramsOf(words).join(' ') !== (kept.get(key) ?? []).join(' '))
      findings.add('library', `The search index does not fit the GIF ${file}.`);
  }
}
