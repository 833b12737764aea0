import type { EventEmitter } from 'node:events';

const isPromise = (value: unknown): value is Promise<unknown> => typeof (value as { then?: unknown } | undefined)?.then === 'function';

/**
 * Calls all listeners of an event; each hears it, also if one before it failed.
 * @returns resolves when those that are asynchronous are done. Rejects, or throws, with what the first that failed threw
 */
export function callListeners(emitter: EventEmitter, event: string, args: readonly unknown[]): undefined | Promise<undefined> {
  let running: Promise<unknown>[] | undefined;
  for (const listener of emitter.rawListeners(event)) {
    let result: unknown;
    try {
      result = listener.call(emitter, ...args);
    } catch (error) {
      result = Promise.reject(error);
    }
    if (isPromise(result)) {
      running ??= [];
      running.push(result);
    }
  }
  return running === undefined ? undefined : Promise.all(running).then(() => undefined);
}

/** Calls all listeners of an event. What they throw, or reject with, is reported. */
export function callSafely(emitter: EventEmitter, event: string, args: readonly unknown[], report: (error: unknown) => void): void {
  callListeners(emitter, event, args)?.catch(report);
}
