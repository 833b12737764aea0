export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so, looking twenty times a second. @returns whether it came to be so in time */
export async function until(so: () => boolean, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (!so()) {
    if (Date.now() > end) return false;
    await pause(50);
  }
  return true;
}

/** Makes many of something, so many at a time. */
export async function many<T>(count: number, make: (i: number) => Promise<T>, atOnce = 50): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const first = made.length;
    made.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => make(first + i)))));
  }
  return made;
}
