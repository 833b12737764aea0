import { ConfigError } from '../config.ts';

/** The store explains to the operator in a sentence what it can't do; that sentence is then all that is printed. */
export async function told<T>(work: Promise<T> | (() => Promise<T>)): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
