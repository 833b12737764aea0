import type { Histogram } from '../load/histogram.ts';
import type { Ability, Peer } from '../peers/peer.ts';

/** What one asked for on the command line. */
export interface Settings {
  readonly rounds: number;
  /** Of measuring, in each round. */
  readonly seconds: number;
  /** Instead of the scenario's own number of members. */
  readonly members: number | undefined;
  /** Everything a tenth or less: to see that it works. */
  readonly small: boolean;
  /** Messages in flight, where that is varied. */
  readonly inFlight: readonly number[];
}

/** One thing that is varied: its rows stand together in the table. */
export interface Point {
  readonly name: string;
  /** Where it stands on the plot's axis. */
  readonly x?: number;
  /** Whatever the scenario needs to know of it. */
  readonly value: number;
}

/** What one round of one peer at one point gave. */
export interface Sample {
  readonly values: Readonly<Record<string, number>>;
  /** All samples of times; percentiles are taken when those of all rounds are together. */
  readonly times?: Histogram;
  /** What a reader of this row must know. */
  readonly note?: string;
}

export interface Column {
  /** Of the sample's values; or `p50`, `p99`, `p99.9` of its times. */
  readonly key: string;
  readonly title: string;
  readonly format: (value: number) => string;
  /** The table shows least and most beside the median. */
  readonly spread?: boolean;
}

export interface Plot {
  readonly key: string;
  readonly title: string;
  /** `lines` where points lie on an axis, `bars` else. */
  readonly kind: 'bars' | 'lines';
  readonly log?: boolean;
  /** What the axis of `lines` is. */
  readonly axis?: string;
}

/** A peer set up for a scenario. */
export interface Stage {
  measure(point: Point): Promise<Sample>;
  close(): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What is done and what is measured, in a sentence or two. */
  readonly measures: string;
  readonly needs: readonly Ability[];
  /** Who is measured unless others are named. */
  readonly peers: readonly string[];
  /** Whom the others are compared with. */
  readonly reference?: string;
  /** The column of which ratios are taken, of each round by itself. */
  readonly ratio?: string;
  /** A ratio above 1 is the better one unless less is. */
  readonly lessIsBetter?: boolean;
  readonly rounds?: number;
  readonly seconds?: number;
  /** A new server for each measuring: where what was before would show. */
  readonly fresh?: boolean;
  readonly columns: readonly Column[];
  readonly plots: readonly Plot[];
  points(settings: Settings): readonly Point[];
  /** @param say shows where one is */
  open(peer: Peer, settings: Settings, say: (where: string) => void): Promise<Stage>;
}
