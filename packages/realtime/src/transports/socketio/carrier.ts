/** What carries an engine's packets at the moment: polls, or a WebSocket. */
export interface Carrier {
  readonly name: 'polling' | 'websocket';
  /** Bytes that wait for the client. */
  readonly buffered: number;
  /** @returns true if little waits now */
  write(frames: readonly Uint8Array[]): boolean;
  /** Stops or resumes taking from the client. */
  pause(paused: boolean): void;
  /** Says that it is over, behind everything that waits. @returns whether that could be said at once */
  farewell(): boolean;
  /** Ends it at once. */
  end(): void;
}

/** What a carrier tells its engine. */
export interface CarrierHost {
  /** Everything that waited has left. */
  drained(): void;
  /** The carrier is gone, or what it carries breaks the protocol. */
  broken(reason: string): void;
}
