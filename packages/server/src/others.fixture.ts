import type { Others, Word } from './others.ts';

/** So many processes that hear each other at once, the first of which leads. */
export function processes(count: number): Others[] {
  const hearers = Array.from({ length: count }, (): ((word: Word) => void)[] => []);
  return hearers.map((own, i) => ({
    name: String(i + 1),
    leads: i === 0,
    whenLeading: (run) => void (i === 0 && run()),
    tell: (word) => {
      for (const others of hearers) if (others !== own) for (const hear of others) hear(word);
    },
    hear: (listener) => void own.push(listener),
    locked: (_name, work) => work(),
    passRequest: () => false,
    passUpgrade: () => false,
    askedOfAll: async () => [],
  }));
}
