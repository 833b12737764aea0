import type { ClientFrame } from '@suda/protocol';

/** What a client said, on any transport. `args` where the transport carries several arguments, or bytes; otherwise `data` is the one. */
export interface Frame extends ClientFrame {
  readonly args?: readonly unknown[];
}

/** Answers what a client asked, once. */
export type Acknowledge = (...answer: unknown[]) => void;

/** False: it was not for this listener. */
export type Taken = false | undefined;

/** Whom an application's own events are for: what a session's client says, with acknowledgements both ways. */
export interface AppListener {
  /**
   * @param acknowledge there if the client waits for an answer
   * @returns false if it was not for this listener: then it is a command. Otherwise resolves when it is done
   */
  heard(event: string, args: readonly unknown[], acknowledge: Acknowledge | undefined): Taken | Promise<Taken>;
  /** The client answers what was asked under this id. */
  acknowledged(id: number, answer: readonly unknown[]): void;
  /** The session is about to end; it still listens to its topics. */
  ending(reason: string): void;
  ended(reason: string): void;
}

/** The arguments of an event: as they came, or the one that a native client can send. */
export const argumentsOf = ({ args, data }: Frame): readonly unknown[] => args ?? (data === undefined ? [] : [data]);
