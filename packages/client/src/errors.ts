import type { ErrorCode, WireError } from '@suda/protocol/errors';

/**
 * A refusal, or a failure to reach the server (`unavailable`, retry true).
 * Tell them apart by `code`, never by `message`.
 */
export class SudaClientError extends Error {
  override readonly name = 'SudaClientError';
  readonly code: ErrorCode;
  /** Whether the very same command may succeed later. */
  readonly retry: boolean;
  /** Milliseconds to wait before a retry, when the server said so. */
  readonly retryAfter: number | undefined;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.retry = error.retry;
    this.retryAfter = error.retryAfter;
  }

  /** The same as a plain value. */
  toWire(): WireError {
    const { code, message, retry, retryAfter } = this;
    return retryAfter === undefined ? { code, message, retry } : { code, message, retry, retryAfter };
  }
}

/** The server could not be reached, or the connection broke before it answered. */
export function unavailable(message = 'The server cannot be reached.', retryAfter?: number): SudaClientError {
  const error = { code: 'unavailable', message, retry: true } as const;
  return new SudaClientError(retryAfter === undefined ? error : { ...error, retryAfter });
}

/** Reads what a `catch` gives: whatever is no refusal is a failure of the way. */
export function asClientError(reason: unknown): SudaClientError {
  return reason instanceof SudaClientError ? reason : unavailable(reason instanceof Error ? reason.message : undefined);
}

/** Reads an error of the wire. @returns undefined when it is none */
export function readWireError(value: unknown): WireError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, retry, retryAfter } = value as Record<string, unknown>;
  if (typeof code !== 'string') return undefined;
  const error = { code: code as ErrorCode, message: typeof message === 'string' ? message : code, retry: retry === true };
  return typeof retryAfter === 'number' ? { ...error, retryAfter } : error;
}
