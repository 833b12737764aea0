import type { CommandName, CommandOutput, CommandRequest, EventData, EventName, Limits, User } from '@suda/protocol';
import type { Clock } from '../clock.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { RoomList } from './list.ts';

/** What a room needs of the client that it belongs to. */
export interface RoomContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly outbox: Outbox;
  readonly list: RoomList;
  limits(): Limits;
  me(): User | null;
  online(): boolean;
  /** @throws SudaClientError */
  command<N extends CommandName>(name: N, input: CommandRequest<N>): Promise<CommandOutput<N>>;
  /** The rooms that the link is to hear of are others now. */
  listen(): void;
  /** Tells the application. */
  emit<E extends EventName>(event: E, data: EventData<E>): void;
}
