/**
 * WebSocket close codes (RFC 6455 §7.4). The range says what a client does next:
 * 1000–1015 are the standard's; 4000–4499 mean "do not come back as you are"; 4500–4999 mean "reconnect".
 */
export const closeCodes = {
  normal: { code: 1000, reconnect: false, text: 'Closed by either side on purpose.' },
  goingAway: { code: 1001, reconnect: true, text: 'The page was left, or the server went away.' },
  protocolError: { code: 1002, reconnect: false, text: 'A frame broke RFC 6455.' },
  unsupportedData: { code: 1003, reconnect: false, text: 'A binary frame: this wire is text.' },
  invalidText: { code: 1007, reconnect: false, text: 'A text frame was not UTF-8.' },
  tooBig: { code: 1009, reconnect: false, text: 'A frame was larger than the maximum payload.' },
  sessionEnded: { code: 4001, reconnect: false, text: 'The session was ended by the server.' },
  heartbeat: { code: 4500, reconnect: true, text: 'Nothing was heard for too long.' },
  draining: { code: 4501, reconnect: true, text: 'The server is restarting. Come back after the hint of `drain`.' },
  stuck: { code: 4502, reconnect: true, text: 'The connection took no bytes for too long. Come back and resume.' },
} as const;

export type CloseName = keyof typeof closeCodes;

/** Whether a client that was closed with this code should connect again. An unknown code or none (1006) means yes. */
export function shouldReconnect(code: number): boolean {
  for (const entry of Object.values(closeCodes)) if (entry.code === code) return entry.reconnect;
  return code < 4000 || code >= 4500;
}
