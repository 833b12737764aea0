import type { Carrier } from './carrier.ts';
import type { PollingCarrier } from './polling.ts';

/**
 * Where an engine stands. Each state has only its own fields.
 *
 *   polling ── 2probe ──▶ probing ── 5 ──▶ websocket        (an engine may begin as a websocket too)
 *      ▲                     │
 *      └── probe gone, late ─┘        any ── close ──▶ leaving ── said ──▶ closed        any ── end ──▶ closed
 */
export type EngineState =
  | { readonly at: 'polling'; readonly carrier: PollingCarrier }
  | { readonly at: 'probing'; readonly carrier: PollingCarrier; readonly abandon: () => void }
  | { readonly at: 'websocket'; readonly carrier: Carrier }
  | { readonly at: 'leaving'; readonly carrier: PollingCarrier; readonly cancel: () => void }
  | { readonly at: 'closed' };
