/** Names that Socket.IO's clients keep for themselves (`RESERVED_EVENTS` of `socket.io-parser`): they end the connection that says one. */
const reserved: ReadonlySet<string> = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);

/** An event that every transport can carry. @throws TypeError for a name that one of them has reserved */
export function checkEventName(name: string): void {
  if (reserved.has(name)) throw new TypeError(`"${name}" is a reserved event name: Socket.IO's clients could not hear it.`);
}

export const isReserved = (name: string): boolean => reserved.has(name);
