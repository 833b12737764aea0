import { parseCursors } from '@suda/protocol/cursors';
import { SudaError } from '@suda/protocol/errors';
import { routes } from '@suda/protocol/routes';
import type { Clock } from '../clock.ts';
import type { Dialers, SocketLike } from '../dialers.ts';
import type { FakeChat } from './fake-chat.ts';

const encoder = new TextEncoder();

function asWire(reason: unknown): { code: string; status: number; error: unknown } {
  const error = reason instanceof SudaError ? reason : new SudaError('internal', String(reason));
  return { code: error.code, status: error.status, error: error.toWire() };
}

/** What hangs on a subscription, and how it ends. */
interface Line {
  readonly push: (event: string, data: unknown) => void;
  readonly cut: (code: number) => void;
}

/**
 * Stands between clients and a `FakeChat`, with a switch for every way in which a network fails. Nothing happens at once: each
 * frame takes `latency` by the clock.
 */
export class FakeNetwork {
  readonly chat: FakeChat;
  readonly clock: Clock;
  latency = 5;
  /** Spreads the time that requests by fetch take: they overtake each other. */
  jitter: () => number = () => 0;
  /** Nothing gets through: dials fail. */
  down = false;
  /** WebSockets never open. */
  noWebSockets = false;
  /** WebSockets break right after they have opened. */
  breakingWebSockets = false;
  /** Polls are refused: too many. */
  busy = false;
  /** Event streams are held back by a proxy. */
  bufferedStreams = false;
  /** Frames to and from open connections get lost, and nobody is told. */
  silent = false;
  /** Decides for each frame from the server whether it is lost; a real TCP would not do that. */
  loses: (event: string) => boolean = () => false;
  readonly lines = new Set<Line>();
  readonly dials = { websocket: 0, fetch: 0 };
  /** Requests by fetch, as `METHOD /path?query`. */
  readonly requests: string[] = [];

  constructor(chat: FakeChat, clock: Clock) {
    this.chat = chat;
    this.clock = clock;
  }

  /** Every open connection breaks. */
  cut(code = 1006): void {
    for (const line of [...this.lines]) line.cut(code);
  }

  /** Says an event to everyone. */
  push(event: string, data: unknown): void {
    for (const line of this.lines) line.push(event, data);
  }

  get dialers(): Dialers {
    return {
      cookies: false,
      websocket: () => this.#socket(),
      fetch: (url, init) => this.#fetch(new URL(url), init),
    };
  }

  #socket(): SocketLike {
    this.dials.websocket++;
    const { clock, chat } = this;
    let open = false;
    let over = false;
    let token: string | undefined;
    const rooms = new Map<string, () => void>();
    const later = (run: () => void): void => void clock.after(this.latency, run);
    const end = (code: number): void => {
      if (over) return;
      over = true;
      this.lines.delete(line);
      for (const leave of rooms.values()) leave();
      socket.onclose?.({ code });
    };
    const write = (name: string, frame: object): void => {
      if (this.silent || this.loses(name)) return;
      later(() => {
        if (!over && !this.silent) socket.onmessage?.({ data: JSON.stringify(frame) });
      });
    };
    const line: Line = { push: (event, data) => write(event, { event, data }), cut: end };
    const take = (text: string): void => {
      const { event, data, id } = JSON.parse(text) as { event: string; data: Record<string, unknown>; id: number };
      try {
        const output = chat.run(event, data, token);
        if (event === 'hello') token = (output as { token: string }).token;
        if (event === 'room.open' || event === 'room.close') {
          const room = String(data.room);
          rooms.get(room)?.();
          rooms.delete(room);
          if (event === 'room.open') rooms.set(room, this.#listen(room, line));
        }
        write('reply', { reply: id, data: output });
      } catch (reason) {
        write('reply', { reply: id, error: asWire(reason).error });
      }
    };
    const socket: SocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => {
        if (this.silent || !open) return;
        later(() => {
          if (!over && !this.silent) take(text);
        });
      },
      close: (code = 1000) => end(code),
    };
    later(() => {
      if (this.down) end(1006);
      else if (!this.noWebSockets && !over) {
        open = true;
        this.lines.add(line);
        socket.onopen?.();
        if (this.breakingWebSockets) end(1006);
      }
    });
    return socket;
  }

  #listen(id: string, line: Line): () => void {
    const room = this.chat.room(id);
    const tell = (event: unknown, name: string): void => line.push(name, event);
    room.listeners.add(tell);
    return () => void room.listeners.delete(tell);
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    this.dials.fetch++;
    this.requests.push(`${init.method} ${url.pathname}${url.search}`);
    const { signal } = init;
    const travel = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const cancel = this.clock.after(this.latency * (1 + 10 * this.jitter()), resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(new Error('aborted'));
        });
      });
    await travel();
    if (this.down) throw new Error('no network');
    const token = new Headers(init.headers).get('authorization')?.replace('Bearer ', '');
    try {
      if (url.pathname === '/v1/events') return this.#stream(url, token, signal ?? undefined);
      if (url.pathname === '/v1/poll') return await this.#poll(url, token, signal ?? undefined);
      const { command, input } = this.#route(url, init);
      const output = this.chat.run(command, input, token);
      // The answer is of this moment, and arrives at a later one.
      const body = JSON.stringify(output);
      await travel();
      if (this.down) throw new Error('no network');
      return new Response(body);
    } catch (reason) {
      if (!(reason instanceof SudaError)) throw reason;
      const { status, error } = asWire(reason);
      return new Response(JSON.stringify({ error }), { status });
    }
  }

  #route(url: URL, init: RequestInit): { command: string; input: Record<string, unknown> } {
    for (const [command, route] of Object.entries(routes)) {
      const [method, path] = route.split(' ');
      const pattern = new RegExp(`^${String(path).replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
      const match = method === init.method ? pattern.exec(url.pathname) : null;
      if (!match) continue;
      const body = typeof init.body === 'string' ? (JSON.parse(init.body) as object) : {};
      const fields = Object.entries(match.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)]);
      return { command, input: { ...Object.fromEntries(url.searchParams), ...body, ...Object.fromEntries(fields) } };
    }
    throw new SudaError('not_found');
  }

  #user(token: string | undefined): string {
    const user = this.chat.users.get(token ?? '');
    if (!user) throw new SudaError('unauthenticated');
    return user.id;
  }

  #stream(url: URL, token: string | undefined, signal: AbortSignal | undefined): Response {
    const user = this.#user(token);
    const cursors = parseCursors(url.searchParams.get('cursor') ?? '') ?? new Map();
    const leaves: (() => void)[] = [];
    let line: Line | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        if (this.bufferedStreams) return;
        let over = false;
        const end = (): boolean => {
          if (over) return false;
          over = true;
          if (line) this.lines.delete(line);
          for (const leave of leaves) leave();
          return true;
        };
        const own: Line = {
          push: (event, data) => {
            if (this.silent || this.loses(event)) return;
            this.clock.after(this.latency, () => {
              if (!over) controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
            });
          },
          cut: () => {
            if (end()) controller.error(new Error('cut'));
          },
        };
        line = own;
        this.lines.add(own);
        signal?.addEventListener('abort', () => own.cut(1006));
        controller.enqueue(encoder.encode('retry: 1000\n\n'));
        for (const id of url.searchParams.getAll('room')) {
          const room = this.chat.room(id);
          const page = room.open(user, cursors.get(id));
          if ('reset' in page) own.push('reset', page);
          else {
            let after = cursors.get(id)?.rev ?? 0;
            for (const change of page.changes) {
              own.push('message', { ...change, after });
              after = change.rev;
            }
          }
          leaves.push(this.#listen(id, own));
        }
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  async #poll(url: URL, token: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
    if (this.busy) throw new SudaError('rate_limited', undefined, 1_000);
    const user = this.#user(token);
    const cursors = parseCursors(url.searchParams.get('cursor') ?? '') ?? new Map();
    const ids = url.searchParams.getAll('room');
    const events: { event: string; data: unknown }[] = [];
    const news = () =>
      ids.map((id) => this.chat.room(id).open(user, cursors.get(id))).filter((page) => 'reset' in page || page.changes.length > 0);
    if (news().length === 0 && url.searchParams.get('wait') !== '0') {
      await new Promise<void>((resolve, reject) => {
        const leaves: (() => void)[] = [];
        const end = (): void => {
          this.lines.delete(line);
          for (const leave of leaves) leave();
        };
        const wake = (): void => {
          end();
          resolve();
        };
        const line: Line = {
          push: (event, data) => {
            if (event !== 'message' && event !== 'message.changed') events.push({ event, data });
            this.clock.after(0, wake);
          },
          cut: () => {
            end();
            reject(new Error('cut'));
          },
        };
        this.lines.add(line);
        for (const id of ids) leaves.push(this.#listen(id, line));
        leaves.push(this.clock.after(Number(url.searchParams.get('wait') ?? 25) * 1000, wake));
        signal?.addEventListener('abort', () => line.cut(1006));
      }).catch(() => {
        throw new TypeError('fetch failed');
      });
    }
    return new Response(JSON.stringify({ cursor: '', rooms: news(), events }));
  }
}
