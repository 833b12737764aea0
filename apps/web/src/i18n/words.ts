import type { ErrorCode } from '@suda/protocol';
import type { en } from './en.ts';

/** The shape of a word: text stays text, a function keeps its arguments, a group is a group. */
type Shape<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string ? (...args: A) => string : T[K] extends string ? string : Shape<T[K]>;
};

/** Every word of the page. English is the measure: a language that lacks one does not compile, nor does a refusal without a sentence. */
export type Words = Shape<typeof en> & { errors: Record<ErrorCode | 'unknown', string> };
