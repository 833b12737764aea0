/** Why a socket is gone, in Socket.IO's words. */
export type DisconnectReason =
  | 'client namespace disconnect'
  | 'server namespace disconnect'
  | 'server shutting down'
  | 'ping timeout'
  | 'transport close'
  | 'transport error'
  | 'parse error'
  | 'forced close';

const known: Readonly<Record<string, DisconnectReason>> = {
  left: 'client namespace disconnect',
  sessionEnded: 'server namespace disconnect',
  draining: 'server shutting down',
  goingAway: 'server shutting down',
  'server closed': 'server shutting down',
  heartbeat: 'ping timeout',
  'ping timeout': 'ping timeout',
  'parse error': 'parse error',
  stuck: 'transport error',
  error: 'transport error',
  'hung up': 'forced close',
};

/** @param reason why the session ended, in the hub's words, or the close code of a WebSocket */
export const disconnectReasonOf = (reason: string): DisconnectReason => known[reason] ?? 'transport close';
