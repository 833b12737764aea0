/**
 * The version of the wire, and the fingerprint of everything it may say.
 *
 * `WIRE_HASH` is the SHA-256 of every command, event, error and close code as JSON Schema
 * (`describeWire`). The test beside this file recomputes it: whoever changes the wire meets that test,
 * decides whether old clients still understand, raises `WIRE_VERSION` if not, and pins the new hash.
 *
 * History
 * - 1  the first wire. Since: tokens of up to `tokenLength`, and `user.rename` may be refused with `not_allowed` (embedded).
 *    Messages carry `attachments`, and may then have no text; `no_such_file`, `too_many_files`: old clients show the text, and the same rooms
 *    GIFs of a library (`gif.…`); attachments may have a `source`, and videos a size: old clients don’t ask for them
 *    A place with a name and a keeper, and invitations: commands, the event `place.changed` and codes of their own, which old clients never meet
 *    Messages carry `mentions`; `mention.list`, `room.notify` and their events: old clients show the same text
 *    Messages carry `preview`; `message.unpreview`.
 *    `room.unread`, and `back` of the event `read`: old clients keep the higher count until they greet again
 *    The event `rooms.changed`: old clients leave it unheard
 */
export const WIRE_VERSION = 1;

/** The WebSocket subprotocol (RFC 6455 §1.9) that names this wire. */
export const SUBPROTOCOL = 'suda.v1';

export const WIRE_HASH = '2a428f8f103effe1aea3404f26c392281fcba5e5298c732ed5769d7eb3f976b0';
