import type { ErrorCode } from '@suda/protocol';

/** What a worker says instead of a result. It travels as a value: an Error would lose its code on the way between threads. */
export interface Failure {
  readonly failed: ErrorCode;
  /** For the log: what really happened. */
  readonly cause: string;
}

export const isFailure = (answer: unknown): answer is Failure => typeof answer === 'object' && answer !== null && 'failed' in answer;

/**
 * What a worker is sent: requests, in order; or `null`, to finish and end. It travels as JSON: structured cloning took twice as long, on both
 * sides, and what is said in these is plain data. So a field is left out rather than `undefined`, in a list above all.
 */
export type Requests = unknown[] | null;
/** What it sends back, as JSON too: as many answers, in the same order. The first list is empty, and says that it is ready. */
export type Answers = readonly unknown[];
