/**
 * The version of the wire, and the fingerprint of everything it may say.
 *
 * `WIRE_HASH` is the SHA-256 of every command, event, error and close code as JSON Schema
 * (`describeWire`). The test beside this file recomputes it: whoever changes the wire meets that test,
 * decides whether old clients still understand, raises `WIRE_VERSION` if not, and pins the new hash.
 *
 * History
 * - 1  the first wire
 */
export const WIRE_VERSION = 1;

/** The WebSocket subprotocol (RFC 6455 §1.9) that names this wire. */
export const SUBPROTOCOL = 'suda.v1';

export const WIRE_HASH = '6e7133cc5712136821926c19d68a150c825e587852e09dd010366b05831d4e40';
