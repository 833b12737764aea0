import type { IncomingMessage } from 'node:http';
import { SudaError, type UserId } from '@suda/protocol';
import type { HostUser } from './host-user.ts';
import type { HostUsers } from './host-users.ts';

/**
 * How a host application says who someone is.
 * Nothing: nobody that it knows. A thrown `SudaError` is what the client is refused with.
 */
export interface Recognise {
  /** Who made a request: of HTTP, or the handshake of a socket. */
  request(request: IncomingMessage): Promise<HostUser | undefined>;
  /** Whose token this is, given in `hello` or as Socket.IO's `auth.token`. */
  token?(token: string): Promise<HostUser | undefined>;
}

/** A host's own function: from a request to its user. */
export type Identity = (request: IncomingMessage) => HostUser | null | undefined | Promise<HostUser | null | undefined>;

export const recogniseBy = (identity: Identity): Recognise => ({
  request: async (request) => (await identity(request)) ?? undefined,
});

/** The same, as users of ours. */
interface Recognised {
  readonly request?: (request: IncomingMessage) => Promise<UserId | undefined>;
  readonly token?: (token: string) => Promise<UserId | undefined>;
}

/** The host's word, as users of ours; none without a host. What fails on its side may pass: whoever asks is told to try again. */
export function recognised(host: Recognise | undefined, users: HostUsers, onError: (error: unknown, where: string) => void): Recognised {
  if (host === undefined) return {};
  const { request, token } = host;
  const through =
    <T>(ask: (of: T) => Promise<HostUser | undefined>) =>
    async (of: T): Promise<UserId | undefined> => {
      try {
        const user = await ask(of);
        return user === undefined ? undefined : await users.of(user);
      } catch (error) {
        if (error instanceof SudaError) throw error;
        onError(error, 'asking the host application who this is');
        throw new SudaError('unavailable');
      }
    };
  return { request: through(request), ...(token === undefined ? {} : { token: through(token) }) };
}
