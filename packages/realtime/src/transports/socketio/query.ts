import { fault } from './refusals.ts';

/** What the address of a request says (Engine.IO v4, "Query parameters"). */
export interface EngineQuery {
  readonly transport: 'polling' | 'websocket';
  /** Of a session that is there already. */
  readonly sid: string | undefined;
}

/** @throws Refused */
export function parseEngineQuery(url: string): EngineQuery {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  const transport = query.get('transport');
  if (transport !== 'polling' && transport !== 'websocket') throw fault('unknownTransport');
  if (query.get('EIO') !== '4') throw fault('unsupportedVersion');
  return { transport, sid: query.get('sid') ?? undefined };
}

/** Whether an address is under this path, with or without the slash at its end. */
export function isUnder(url: string, path: string): boolean {
  const at = url.split('?', 1)[0] ?? '';
  return at === path || (path.endsWith('/') && at === path.slice(0, -1));
}
