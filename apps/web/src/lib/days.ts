/** One local day, [start, end) in milliseconds since 1970. */
export interface Day {
  /** `2025-11-21` */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The day in the viewer's time zone that holds this moment. Days are not all 24 hours long: where clocks change,
 * `end` is the next midnight all the same.
 */
export function dayOf(at: number): Day {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    key: `${year}-${two(month + 1)}-${two(day)}`,
    start: new Date(year, month, day).getTime(),
    end: new Date(year, month, day + 1).getTime(),
  };
}

/** Like `dayOf`, remembering the last day: a timeline asks thousands of times for the same one. */
export function dayFinder(): (at: number) => Day {
  let last: Day | undefined;
  return (at) => {
    if (last === undefined || at < last.start || at >= last.end) last = dayOf(at);
    return last;
  };
}

/** How a day stands to now. */
export function nearness(at: number, now: number): 'today' | 'yesterday' | 'earlier' {
  const today = dayOf(now);
  if (at >= today.start) return 'today';
  return at >= dayOf(today.start - 1).start ? 'yesterday' : 'earlier';
}
