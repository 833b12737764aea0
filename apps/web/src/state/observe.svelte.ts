import type { Observable } from '@suda/client';
import { tick } from 'svelte';
import { fromStore } from 'svelte/store';

/** An observable of the SDK as reactive state: read `current` in markup, `$derived` or effects. */
export function observe<T>(source: Observable<T>): { readonly current: T } {
  return fromStore({ subscribe: (run) => source.subscribe(run) });
}

/** What changed since the last frame, by who is to be told. */
const changes = new Map<object, () => void>();
/** Where no frames come, as behind another window, changes are told after so long. Milliseconds. */
const longest = 100;
let frame = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What the page itself does about a change, as reading what came, belongs to the same frame: nobody is to see a count come and go. */
let drawing = false;

function apply(): Promise<void> {
  cancelAnimationFrame(frame);
  clearTimeout(timer);
  frame = 0;
  drawing = true;
  const runs = [...changes.values()];
  changes.clear();
  for (const run of runs) run();
  return tick().finally(() => {
    drawing = false;
  });
}

/**
 * The same for what changes often: told once for each frame, right before it is drawn. Then the page is as quick as before while
 * little happens, and when much does, it leaves out what nobody could have seen instead of falling behind.
 * @param urgent whether this change cannot wait at all, because the person did it
 */
export function observeByFrame<T>(source: Observable<T>, urgent?: (before: T, after: T) => boolean): { readonly current: T } {
  return fromStore({
    subscribe(run) {
      const key = {};
      let before: T | undefined;
      const leave = source.subscribe((value) => {
        const now = before === undefined || drawing || document.hidden || urgent?.(before, value);
        before = value;
        if (now) {
          changes.delete(key);
          return run(value);
        }
        changes.set(key, () => run(value));
        if (frame !== 0) return undefined;
        frame = requestAnimationFrame(apply);
        timer = setTimeout(apply, longest);
        return undefined;
      });
      return () => {
        changes.delete(key);
        leave();
      };
    },
  });
}

/** Resolves when the document shows all that is known, frame or not. */
export function drawn(): Promise<void> {
  return apply();
}
