/**
 * The registry of refusals: what a command's reply may carry instead of data.
 *
 * `retry` says whether the very same command may succeed later. Programs tell errors apart by `code`
 * alone; `message` is a sentence for people and may change.
 */
export const errors = {
  malformed: { status: 400, retry: false, text: 'This is not a valid frame: expected JSON of the form {event, data, id?}.' },
  invalid: { status: 400, retry: false, text: 'A field is missing or wrong.' },
  too_long: { status: 413, retry: false, text: 'The text is too long.' },
  payload_too_large: { status: 413, retry: false, text: 'The request is larger than this server accepts.' },
  unsupported_type: { status: 415, retry: false, text: 'This is of a kind that the server cannot take here.' },
  unknown_command: { status: 404, retry: false, text: 'There is no such command.' },
  not_found: { status: 404, retry: false, text: 'There is nothing at this address.' },
  method_not_allowed: { status: 405, retry: false, text: 'This address does not know that method.' },
  unauthenticated: { status: 401, retry: false, text: 'Say hello first: there is no valid session.' },
  origin_refused: { status: 403, retry: false, text: 'Pages of this origin may not use this server.' },
  no_such_room: { status: 404, retry: false, text: 'There is no such room.' },
  no_such_user: { status: 404, retry: false, text: 'There is no such person.' },
  no_such_message: { status: 404, retry: false, text: 'There is no such message.' },
  no_such_invitation: { status: 404, retry: false, text: 'This invitation does not hold, or no longer.' },
  no_such_file: { status: 404, retry: false, text: 'There is no such file.' },
  not_member: { status: 403, retry: false, text: 'Join the room first.' },
  not_owner: { status: 403, retry: false, text: 'Only the owner of the room may do this.' },
  not_keeper: { status: 403, retry: false, text: 'Only the keeper of this place may do this.' },
  not_author: { status: 403, retry: false, text: 'Only its author may change a message.' },
  not_allowed: { status: 403, retry: false, text: 'This is not possible in this room.' },
  banned: { status: 403, retry: false, text: 'You were banned from this room.' },
  password_required: { status: 403, retry: false, text: 'This room asks for a password.' },
  wrong_password: { status: 403, retry: false, text: 'That is not the password of this room.' },
  room_full: { status: 409, retry: false, text: 'The room is full.' },
  too_many_rooms: { status: 409, retry: false, text: 'You are in too many rooms.' },
  too_many_reactions: { status: 409, retry: false, text: 'This message carries too many reactions.' },
  too_many_files: { status: 409, retry: false, text: 'Your files take up all the room that one person has.' },
  too_many_invitations: { status: 409, retry: false, text: 'This room has too many invitations. Take one back first.' },
  message_deleted: { status: 410, retry: false, text: 'The message was deleted.' },
  rate_limited: { status: 429, retry: true, text: 'Too fast. Wait a moment and try again.' },
  internal: { status: 500, retry: true, text: 'The server made a mistake. Nothing was changed.' },
  unavailable: { status: 503, retry: true, text: 'The server cannot do this right now. Try again in a moment.' },
  storage_full: { status: 507, retry: true, text: 'The server could not write to its disk. Your message was not accepted.' },
} as const;

export type ErrorCode = keyof typeof errors;

/** What travels: a code for programs, a sentence for people, and whether a retry helps. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: boolean;
  /** Milliseconds to wait before a retry. */
  readonly retryAfter?: number;
}

/** A refusal on its way to a client. Thrown at the doors, carried as a value by the rules. */
export class SudaError extends Error {
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;

  /**
   * @param code one of the registry
   * @param message a better sentence than the registry's, if there is one
   * @param retryAfter milliseconds
   */
  constructor(code: ErrorCode, message?: string, retryAfter?: number) {
    super(message ?? errors[code].text);
    this.name = 'SudaError';
    this.code = code;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return errors[this.code].status;
  }

  toWire(): WireError {
    const wire = { code: this.code, message: this.message, retry: errors[this.code].retry };
    return this.retryAfter === undefined ? wire : { ...wire, retryAfter: this.retryAfter };
  }
}
