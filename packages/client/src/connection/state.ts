import type { WireError } from '@suda/protocol/errors';
import type { ConnectionState, TransportName } from '../types.ts';

export type Phase = ConnectionState['state'];

/** What may happen to a connection. */
export type Input =
  /** The user asks for a connection. */
  | 'connect'
  /** The user lets go of it. */
  | 'disconnect'
  /** The end. */
  | 'close'
  /** The server has greeted us. */
  | 'opened'
  /** The link broke, or could not be made. */
  | 'lost'
  /** The link did not answer after a sleep: it is of no use, and nobody else lost theirs at this moment. */
  | 'stale'
  /** The server does not want us as we are. */
  | 'refused'
  /** The time of waiting is over. */
  | 'due'
  /** The browser says that the network is gone. */
  | 'down'
  /** The browser says that the network is back. */
  | 'up'
  /** We may have slept. */
  | 'wake';

/**
 * Every state and every input. A missing cell does not compile. A cell that names its own row changes nothing.
 * While online, `down` only makes the driver check the link: a server on this very machine does not need a network.
 */
export const table: { readonly [P in Phase]: { readonly [I in Input]: Phase } } = {
  idle: {
    connect: 'connecting',
    disconnect: 'idle',
    close: 'closed',
    opened: 'idle',
    lost: 'idle',
    stale: 'idle',
    refused: 'idle',
    due: 'idle',
    down: 'idle',
    up: 'idle',
    wake: 'idle',
  },
  connecting: {
    connect: 'connecting',
    disconnect: 'idle',
    close: 'closed',
    opened: 'online',
    lost: 'waiting',
    stale: 'waiting',
    refused: 'refused',
    due: 'connecting',
    down: 'connecting',
    up: 'connecting',
    wake: 'connecting',
  },
  online: {
    connect: 'online',
    disconnect: 'idle',
    close: 'closed',
    opened: 'online',
    lost: 'waiting',
    stale: 'connecting',
    refused: 'refused',
    due: 'online',
    down: 'online',
    up: 'online',
    wake: 'online',
  },
  waiting: {
    connect: 'connecting',
    disconnect: 'idle',
    close: 'closed',
    opened: 'waiting',
    lost: 'waiting',
    stale: 'waiting',
    refused: 'waiting',
    due: 'connecting',
    down: 'offline',
    up: 'connecting',
    wake: 'connecting',
  },
  offline: {
    connect: 'connecting',
    disconnect: 'idle',
    close: 'closed',
    opened: 'offline',
    lost: 'offline',
    stale: 'offline',
    refused: 'offline',
    due: 'connecting',
    down: 'offline',
    up: 'connecting',
    wake: 'connecting',
  },
  refused: {
    connect: 'connecting',
    disconnect: 'idle',
    close: 'closed',
    opened: 'refused',
    lost: 'refused',
    stale: 'refused',
    refused: 'refused',
    due: 'refused',
    down: 'refused',
    up: 'refused',
    wake: 'refused',
  },
  closed: {
    connect: 'closed',
    disconnect: 'closed',
    close: 'closed',
    opened: 'closed',
    lost: 'closed',
    stale: 'closed',
    refused: 'closed',
    due: 'closed',
    down: 'closed',
    up: 'closed',
    wake: 'closed',
  },
};

/** What the driver knows when something happens: the next state takes from it what it needs. */
export interface Facts {
  readonly transport: TransportName;
  readonly attempt: number;
  readonly retryAt: number;
  readonly since: number;
  readonly error: WireError;
}

/** The next state. The same object when nothing changes. */
export function next(state: ConnectionState, input: Input, facts: Facts): ConnectionState {
  const phase = table[state.state][input];
  if (phase === state.state) return state;
  const { transport, attempt, retryAt, since, error } = facts;
  switch (phase) {
    case 'connecting':
      return { state: phase, transport, attempt };
    case 'online':
      return { state: phase, transport };
    case 'waiting':
      return { state: phase, attempt, retryAt, since };
    case 'offline':
      return { state: phase, since };
    case 'refused':
      return { state: phase, error };
    default:
      return { state: phase };
  }
}
