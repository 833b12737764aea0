import type { IncomingMessage } from 'node:http';
import type { HostUser } from './host-user.ts';

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
