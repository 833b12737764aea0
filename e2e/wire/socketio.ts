import type { CommandName, CommandOutput, CommandRequest } from '@suda/protocol';
import { type Socket as Client, io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import { Inbox, within } from './inbox.ts';
import { Refusal } from './refusal.ts';
import type { Said } from './socket.ts';

export type IoOptions = Partial<ManagerOptions & SocketOptions>;

/** The three ways in which an unmodified client may travel. */
export const travels = [
  ['by polling', { transports: ['polling'] }],
  ['by WebSocket', { transports: ['websocket'] }],
  ['by polling with an upgrade', { transports: ['polling', 'websocket'] }],
] as const satisfies readonly (readonly [string, IoOptions])[];

/** An unmodified `socket.io-client`, and everything that it heard. */
export class SocketIo {
  readonly client: Client;
  readonly events = new Inbox<Said>();

  constructor(url: string, options: IoOptions) {
    this.client = io(url, { forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 50, ...options });
    this.client.onAny((event: string, data: unknown) => this.events.push({ event, data }));
  }

  /** Resolves when it is connected. @throws what `connect_error` said */
  static async connect(url: string, options: IoOptions = {}): Promise<SocketIo> {
    const socket = new SocketIo(url, options);
    try {
      await socket.connected();
    } catch (error) {
      socket.client.disconnect();
      throw error;
    }
    return socket;
  }

  async connected(): Promise<void> {
    if (this.client.connected) return;
    await within(
      'a connection',
      new Promise<void>((resolve, reject) => {
        this.client.once('connect', resolve);
        this.client.once('connect_error', (error) => {
          if (!this.client.active || !this.client.io.reconnection()) reject(error);
        });
      }),
    );
  }

  /** One command with an acknowledgement. @throws Refusal */
  async ask<N extends CommandName>(event: N, data: CommandRequest<N>): Promise<CommandOutput<N>> {
    const answer = await this.client.timeout(10_000).emitWithAck(event, data);
    if (answer.error) throw new Refusal(answer.error);
    return answer.data;
  }

  /** When this resolves, everything that the server had said before has come. */
  async caughtUp(): Promise<void> {
    await this.client.timeout(10_000).emitWithAck('ping');
  }

  /** The messages of a room that came as events. */
  said(room: string): string[] {
    return this.events.all
      .filter(({ event, data }) => event === 'message' && data.room === room)
      .map(({ data }) => data.notice?.type ?? data.text);
  }

  /** Resolves with the reason of the next disconnection. */
  disconnected(): Promise<string> {
    return within('a disconnection', new Promise((resolve) => this.client.once('disconnect', resolve)));
  }

  close(): void {
    this.client.disconnect();
  }
}
