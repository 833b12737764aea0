// biome-ignore-all lint/suspicious/noExplicitAny: events of any shape are the default, as with Socket.IO's types.

/** What may be said, by name: `{ hello: (name: string, acknowledge: (greeting: string) => void) => void }`. */
export interface EventsMap {
  [event: string]: any;
}

/** Any event with any arguments: what holds where no types are given. */
export interface DefaultEventsMap {
  [event: string]: (...args: any[]) => void;
}

export type EventNames<M extends EventsMap> = keyof M & string;
export type EventParams<M extends EventsMap, E extends EventNames<M>> = Parameters<M[E]>;

type Reserved<M extends EventsMap, R extends EventsMap> = EventNames<M> | EventNames<R>;
/** The listener of an event of one's own, or of one that the library itself emits. */
export type Listener<M extends EventsMap, R extends EventsMap, E extends Reserved<M, R>> =
  E extends EventNames<R>
    ? R[E]
    : E extends EventNames<M>
      ? M[E] extends (...args: infer A) => unknown
        ? (...args: A) => void
        : (...args: any[]) => void
      : never;
export type ListenerNames<M extends EventsMap, R extends EventsMap> = Reserved<M, R>;

export type Last<T extends readonly unknown[]> = T extends readonly [...unknown[], infer L]
  ? L
  : T extends readonly (infer E)[]
    ? E
    : never;
export type AllButLast<T extends readonly unknown[]> = T extends readonly [...infer H, unknown] ? H : any[];

/** What an acknowledgement brings: its first argument that is no error. */
export type Acknowledged<T> = T extends (...args: infer P) => unknown ? (P[0] extends Error ? P[1] : P[0]) : any;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Events whose last argument is an acknowledgement. */
export type EventNamesWithAck<M extends EventsMap> = {
  [E in EventNames<M>]: IsAny<Last<Parameters<M[E]>>> extends true
    ? E
    : Parameters<M[E]> extends readonly []
      ? never
      : Last<Parameters<M[E]>> extends (...args: any[]) => any
        ? E
        : never;
}[EventNames<M>];

type WithTimeout<T extends readonly unknown[]> = {
  [K in keyof T]: IsAny<T[K]> extends true
    ? any
    : T[K] extends (...args: infer P) => infer R
      ? P[0] extends Error
        ? T[K]
        : (error: Error, ...args: P) => R
      : T[K];
};
/** After `timeout(ms)` an acknowledgement gets an error first: null, or that nothing came in time. */
export type TimeoutEvents<M extends EventsMap> = { [E in EventNames<M>]: (...args: WithTimeout<Parameters<M[E]>>) => void };

type Arrays<T extends readonly unknown[]> = { [K in keyof T]: T[K][] };
type WithMany<T extends readonly unknown[]> = {
  [K in keyof T]: IsAny<T[K]> extends true
    ? any
    : T[K] extends (...args: infer P) => infer R
      ? P extends [infer F extends Error, ...infer O]
        ? (error: F, ...args: Arrays<O>) => R
        : (error: Error, ...args: Arrays<P>) => R
      : T[K];
};
/** A broadcast's acknowledgement gets an error and everybody's answers. */
export type ManyEvents<M extends EventsMap> = { [E in EventNames<M>]: (...args: WithMany<Parameters<M[E]>>) => void };
