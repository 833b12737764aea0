import type { Observable } from '@suda/client';
import { fromStore } from 'svelte/store';

/** An observable of the SDK as reactive state: read `current` in markup, `$derived` or effects. */
export function observe<T>(source: Observable<T>): { readonly current: T } {
  return fromStore({ subscribe: (run) => source.subscribe(run) });
}
