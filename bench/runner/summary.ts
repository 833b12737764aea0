import { Histogram } from '../load/histogram.ts';
import type { Column, Point, Sample, Scenario } from './scenario.ts';
import { median, ratios, type Spread, spread } from './statistics.ts';

/** All rounds of one peer at one point. */
export interface Measured {
  readonly peer: string;
  readonly point: Point;
  readonly samples: readonly Sample[];
  /** Why there are no samples, or not all. */
  readonly failure?: string;
}

export type Ratio = Spread & { readonly rounds: readonly number[] };

/** One row of the table. */
export interface Row {
  readonly peer: string;
  readonly point: string;
  readonly x?: number;
  readonly values: Readonly<Record<string, Spread>>;
  /** Beside the scenario's reference. */
  readonly ratio?: Ratio;
  /** Beside the floor, where it was measured: how much of what the machine gives. */
  readonly floor?: Ratio;
  readonly notes: readonly string[];
}

/** Who does nothing but the writes. */
export const FLOOR = 'floor';

/** Above this share of a core the load generator may have measured itself. */
const LOAD_LIMIT = 0.9;

const share = (key: string): number | undefined => (/^p[\d.]+$/.test(key) ? Number(key.slice(1)) / 100 : undefined);

/** A column over all rounds: the median of each round's value; percentiles are of all rounds' times together, in seconds. */
export function columnValue(column: Pick<Column, 'key'>, samples: readonly Sample[]): Spread {
  const wanted = share(column.key);
  if (wanted === undefined) return spread(samples.map(({ values }) => values[column.key] ?? Number.NaN));
  const all = new Histogram();
  const each: number[] = [];
  for (const { times } of samples) {
    if (times === undefined || times.total === 0) continue;
    all.merge(times);
    each.push(times.percentile(wanted) / 1e6);
  }
  if (each.length === 0) return { median: Number.NaN, least: Number.NaN, most: Number.NaN };
  return { median: all.percentile(wanted) / 1e6, least: Math.min(...each), most: Math.max(...each) };
}

/** What each round gave of a column, for ratios. */
function eachOf(key: string, samples: readonly Sample[]): readonly number[] {
  const wanted = share(key);
  return samples.map(({ values, times }) =>
    wanted === undefined ? (values[key] ?? Number.NaN) : (times?.percentile(wanted) ?? Number.NaN) / 1e6,
  );
}

export function summary(scenario: Scenario, measured: readonly Measured[]): readonly Row[] {
  return measured.map(({ peer, point, samples, failure }) => {
    const notes = new Set(samples.flatMap(({ note }) => (note === undefined ? [] : [note])));
    if (median(samples.map(({ values }) => values.load ?? 0)) > LOAD_LIMIT) {
      notes.add('the load generator used more than 90 % of its core: the server may do more');
    }
    if (failure !== undefined) notes.add(failure);
    const beside = (name: string | undefined): Ratio | undefined => {
      const other = measured.find((one) => one.peer === name && one.point.name === point.name);
      if (scenario.ratio === undefined || other === undefined || peer === name || samples.length === 0) return undefined;
      const rounds = ratios(eachOf(scenario.ratio, samples), eachOf(scenario.ratio, other.samples));
      return rounds.length === 0 ? undefined : { ...spread(rounds), rounds };
    };
    const ratio = beside(scenario.reference);
    const floor = beside(FLOOR);
    return {
      peer,
      point: point.name,
      ...(point.x === undefined ? {} : { x: point.x }),
      values: Object.fromEntries(
        scenario.columns.map((column) => [
          column.key,
          samples.length === 0 ? { median: Number.NaN, least: Number.NaN, most: Number.NaN } : columnValue(column, samples),
        ]),
      ),
      ...(ratio === undefined ? {} : { ratio }),
      ...(floor === undefined ? {} : { floor }),
      notes: [...notes],
    };
  });
}
