import { SudaError } from '@suda/protocol';

/** What is wrong with a request: the codes and sentences that Engine.IO clients know, all with 400. */
export const faults = {
  unknownTransport: { code: 0, message: 'Transport unknown' },
  unknownSession: { code: 1, message: 'Session ID unknown' },
  badMethod: { code: 2, message: 'Bad handshake method' },
  badRequest: { code: 3, message: 'Bad request' },
  unsupportedVersion: { code: 5, message: 'Unsupported protocol version' },
} as const;

const FORBIDDEN = 4;

/** A request that is not served: its status and its JSON body. */
export class Refused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: unknown) {
    super('refused');
    this.status = status;
    this.body = JSON.stringify(body);
  }
}

export const fault = (name: keyof typeof faults): Refused => new Refused(400, faults[name]);

/** A refusal of our registry: Engine.IO's "forbidden", with the error as everywhere else beside it. */
export function refusal(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const known = error instanceof SudaError ? error : new SudaError('internal');
  return new Refused(known.status, { code: FORBIDDEN, message: known.message, error: known.toWire() });
}
