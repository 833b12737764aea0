import type { CommandName, CommandOutput, CommandRequest } from '@suda/protocol';
import { type ClientOptions, WebSocket } from 'ws';
import { Inbox, within } from './inbox.ts';
import { Refusal } from './refusal.ts';

export interface Said {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  readonly data: any;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket client that knows nothing but PROTOCOL.md §5. */
export class Socket {
  readonly ws: WebSocket;
  /** Every frame, replies too. */
  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  readonly frames = new Inbox<any>();
  readonly events = new Inbox<Said>();
  readonly closed: Promise<Closed>;
  #id = 0;

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.event !== undefined) this.events.push(frame);
      this.frames.push(frame);
    });
    this.closed = new Promise((resolve) =>
      ws.on('close', (code, reason) => {
        this.events.end();
        this.frames.end();
        resolve({ code, reason: String(reason) });
      }),
    );
    ws.on('error', () => {});
  }

  static connect(port: number, options: ClientOptions = {}, protocols: string[] = ['suda.v1']): Promise<Socket> {
    return Socket.open(`ws://127.0.0.1:${port}/v1/ws`, options, protocols);
  }

  /** At any address. */
  static async open(url: string, options: ClientOptions = {}, protocols: string[] = ['suda.v1']): Promise<Socket> {
    const ws = new WebSocket(url, protocols, options);
    const socket = new Socket(ws);
    await within(
      'the handshake',
      new Promise<void>((resolve, reject) => {
        ws.once('open', resolve);
        ws.once('unexpected-response', (_request, response) => {
          let text = '';
          response.on('data', (chunk) => (text += chunk));
          response.on('end', () => reject(Object.assign(new Refusal(JSON.parse(text).error), { status: response.statusCode })));
        });
        ws.once('error', reject);
      }),
    );
    return socket;
  }

  send(event: string, data: unknown, id?: number | string): void {
    this.ws.send(JSON.stringify({ event, data, id }));
  }

  /** One command. @throws Refusal */
  async ask<N extends CommandName>(event: N, data: CommandRequest<N>): Promise<CommandOutput<N>> {
    const id = `ask${++this.#id}`;
    this.send(event, data, id);
    return this.replyTo(id) as Promise<CommandOutput<N>>;
  }

  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  async replyTo(id: number | string): Promise<any> {
    const frame = await this.frames.first(`reply to ${id}`, ({ reply }) => reply === id);
    if (frame.error) throw new Refusal(frame.error);
    return frame.data;
  }

  /** When this resolves, everything that the server had written before has come. */
  async caughtUp(): Promise<void> {
    const id = `ping${++this.#id}`;
    this.send('ping', {}, id);
    await this.replyTo(id);
  }

  /** The messages of a room that came as events, as their texts or what their notice tells. */
  said(room: string): string[] {
    return this.events.all
      .filter(({ event, data }) => event === 'message' && data.room === room)
      .map(({ data }) => data.notice?.type ?? data.text);
  }

  async close(): Promise<void> {
    this.ws.close();
    await within('the end of the socket', this.closed);
  }
}
