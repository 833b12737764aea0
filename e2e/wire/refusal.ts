import type { ErrorCode } from '@suda/protocol';

/** What a command was refused with. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly wire: Readonly<Record<string, unknown>>;

  constructor(wire: { readonly code: ErrorCode; readonly message: string }) {
    super(`${wire.code}: ${wire.message}`);
    this.code = wire.code;
    this.wire = { ...wire };
  }
}

/** The code that something is refused with. Fails if it isn't. */
export async function refusalOf(done: Promise<unknown>): Promise<ErrorCode> {
  try {
    throw new Error(`not refused, but answered with ${JSON.stringify(await done).slice(0, 500)}`);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
