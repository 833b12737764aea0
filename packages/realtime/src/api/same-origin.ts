import type { IncomingMessage } from 'node:http';

/** Whether the page that asks came from this very server, as far as the request says. */
export function sameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined || host === undefined) return false;
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch {
    return false;
  }
}
