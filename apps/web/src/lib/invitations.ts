import type { Invitation } from '@suda/protocol';

/** How long an invitation is to hold, and for how many. */
export interface Terms {
  /** Seconds; null: for good. */
  readonly expiresIn: number | null;
  /** Undefined: for any number. */
  readonly uses: number | undefined;
}

export const HOUR = 3_600;
export const DAY = 24 * HOUR;
export const usual: Terms = { expiresIn: 7 * DAY, uses: undefined };

/** One's own that can be handed on again instead of making another: on the usual terms, and good for most of a day yet. */
export function handy(invitations: readonly Invitation[], me: string, now: number): Invitation | undefined {
  return invitations.findLast(
    ({ by, uses, expiresAt }) => by.id === me && uses === null && expiresAt !== null && expiresAt - now > DAY * 1000,
  );
}

/** Whether a page under this host can be opened on the machine itself only. */
export const isLoopback = (hostname: string): boolean => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname);

/**
 * Where others open a link of this page.
 * @param page where the page is, without a slash at its end  @param addresses where the server says that its network finds it
 */
export function bases(
  page: string,
  addresses: readonly string[] | undefined,
): { readonly urls: readonly string[]; readonly reachable: boolean } {
  const here = new URL(page);
  if (!isLoopback(here.hostname)) return { urls: [page], reachable: true };
  const path = here.pathname.replace(/\/$/, '');
  if (addresses === undefined || addresses.length === 0) return { urls: [page], reachable: false };
  return { urls: addresses.map((address) => address + path), reachable: true };
}

/** The dark squares of a code as one SVG path, in modules. @param rows true is dark */
export function squares(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      let end = x;
      while (row[end]) end += 1;
      path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = end;
    }
  }
  return path;
}
