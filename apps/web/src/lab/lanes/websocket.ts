import { jsonOf } from '../wire/frame.ts';
import { closeFrame, decodeWebSocket, frameBytes, frameHeader } from '../wire/websocket.ts';
import { Refused } from './api.ts';
import { type Heard, type Lane, type LaneHost, newNonce } from './lane.ts';

interface Said {
  readonly event?: string;
  readonly reply?: number;
  readonly data?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Page {
  readonly epoch: string;
  readonly head: number;
  readonly changes?: readonly Heard[];
  readonly messages?: readonly Heard[];
}

/** Four bytes that this wire has no use for: a binary frame is answered with the close code 1003 (PROTOCOL R5.5). */
const nonsense = new Uint8Array([0x53, 0x75, 0x64, 0x61]);

/** A plain WebSocket (PROTOCOL §5). It does not come back by itself: that is for a program to do. */
export class Socket implements Lane {
  readonly #host: LaneHost;
  #socket: WebSocket | undefined;
  #nonce = '';
  #lastId = 0;
  /** Replies that are waited for, and what they are for. */
  readonly #waiting = new Map<number, (said: Said) => void>();

  constructor(host: LaneHost) {
    this.#host = host;
  }

  open(): void {
    this.#leave();
    this.#nonce = newNonce();
    const url = this.#host.api.at(`v1/ws?lab=${this.#nonce}`);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#host.state('connecting');
    this.#host.spend({ requests: 1 });
    const socket = new WebSocket(url, 'suda.v1');
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }: MessageEvent<string>) => this.#take(data);
    socket.onclose = (event) => this.#closed(socket, event);
  }

  cut(): void {
    if (this.#socket === undefined || this.#socket.readyState >= WebSocket.CLOSING) return;
    this.#host.frame(closeFrame(1000, 'cut', 'up'));
    this.#socket.close(1000, 'cut');
  }

  provoke(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const header = frameHeader(nonsense.length, true, 2);
    this.#host.frame({ way: 'up', title: 'binary', raw: '53 75 64 61', parts: header, bytes: frameBytes(nonsense.length, true) });
    this.#socket.send(nonsense);
  }

  breakLine(): Promise<void> {
    return this.#host.api.cutLine(this.#nonce);
  }

  async send(clientId: string, text: string): Promise<void> {
    const said = await this.#ask('message.send', { room: this.#host.room, clientId, text }, 'sending');
    if (said.error) throw new Refused(said.error.code, said.error.message);
  }

  #leave(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    for (const answer of this.#waiting.values()) answer({ error: { code: 'unavailable', message: 'closed' } });
    this.#waiting.clear();
    socket?.close(1000);
  }

  #opened(): void {
    const { room, cursor } = this.#host;
    void this.#show();
    void this.#ask('room.open', { room, ...cursor }, 'listening').then(({ data, error }) => {
      if (error) return this.#host.state('closed', { reason: error.code });
      const { changes, messages, epoch, head } = data as Page;
      this.#host.state('open');
      return this.#host.hear(changes ?? messages ?? [], { epoch, rev: head });
    });
  }

  #ask(event: string, data: object, counted: 'listening' | 'sending'): Promise<Said> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ error: { code: 'unavailable', message: 'not open' } });
    this.#lastId += 1;
    const id = this.#lastId;
    const raw = JSON.stringify({ event, data, id });
    this.#host.frame(decodeWebSocket(raw, 'up'), counted);
    socket.send(raw);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #take(raw: string): void {
    const said = jsonOf(raw) as Said;
    const answer = said.reply === undefined ? undefined : this.#waiting.get(said.reply);
    const frame = decodeWebSocket(raw, 'down');
    const reply = said.data as { pos?: unknown } | undefined;
    this.#host.frame(frame, answer !== undefined && typeof reply?.pos === 'number' ? 'sending' : 'listening');
    if (said.reply !== undefined) this.#waiting.delete(said.reply);
    answer?.(said);
    if (said.event === 'message' || said.event === 'message.changed') this.#host.hear([said.data as Heard]);
    if (said.event === 'reset') {
      const { messages = [], epoch, head } = said.data as Page;
      this.#host.hear(messages, { epoch, rev: head });
    }
  }

  #closed(socket: WebSocket, { code, reason }: CloseEvent): void {
    if (socket !== this.#socket) return;
    // 1006 is never on the wire: it is the browser's word for a line that broke without one (RFC 6455 §7.1.5).
    if (code !== 1006) this.#host.frame(closeFrame(code, reason, 'down'));
    this.#leave();
    this.#host.state('closed', { code, reason });
  }

  async #show(): Promise<void> {
    const handshakes = await this.#host.api.handshakes(this.#nonce);
    this.#host.handshakes(handshakes);
    for (const { request, response } of handshakes) this.#host.spend({ up: request.bytes, down: response?.bytes ?? 0 });
  }
}
