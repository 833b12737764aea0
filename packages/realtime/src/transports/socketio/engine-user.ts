/** Who speaks over an engine. */
export interface EngineUser {
  /** @param data text, or the bytes of a binary packet. Throws when it breaks the user's own protocol */
  message(data: string | Buffer): void;
  /** Called once. */
  ended(reason: string): void;
}
