import type { Packet } from 'engine.io-parser';
import type { Clock } from '../../clock.ts';
import { HIGH_WATER } from '../../session.ts';
import type { Admission } from '../websocket.ts';
import type { Carrier, CarrierHost } from './carrier.ts';
import type { EngineState } from './engine-state.ts';
import type { EngineUser } from './engine-user.ts';
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts';
import { frameOf, pingPacket } from './packets.ts';
import { PollingCarrier } from './polling.ts';

/** A client whose polls stopped coming is given so many milliseconds to fetch the last words. */
const FAREWELL_WITHIN = 10_000;

/** Whoever wants to know what becomes of a connection. */
export interface EngineListener {
  upgraded(): void;
  ended(reason: string): void;
}

export interface EngineHost {
  readonly clock: Clock;
  readonly heartbeat: HeartbeatOptions;
  /** The engine's id means nothing from now on. */
  closed(engine: Engine): void;
}

/** An Engine.IO session (v4): packets both ways and in order, over polls or a WebSocket, with a heartbeat. */
export class Engine implements CarrierHost {
  readonly id: string;
  readonly admission: Admission;
  readonly #host: EngineHost;
  readonly #heartbeat: Heartbeat;
  readonly #pausers = new Set<unknown>();
  #state: EngineState;
  #user: EngineUser | undefined;
  #listener: EngineListener | undefined;
  #written = 0;
  #takenAtPing = 0;
  #closing: { readonly reason: string; readonly cancel: () => void } | undefined;
  #drained: (() => void)[] = [];

  constructor(id: string, admission: Admission, host: EngineHost, carry: (host: CarrierHost) => PollingCarrier | Carrier) {
    this.id = id;
    this.admission = admission;
    this.#host = host;
    const carrier = carry(this);
    this.#state = carrier instanceof PollingCarrier ? { at: 'polling', carrier } : { at: 'websocket', carrier };
    this.#heartbeat = new Heartbeat(
      host.clock,
      host.heartbeat,
      () => this.#ping(),
      () => this.#silent(),
    );
  }

  get state(): EngineState {
    return this.#state;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  get open(): boolean {
    return this.#state.at !== 'closed' && this.#state.at !== 'leaving';
  }

  /** Bytes that wait for the client. */
  get buffered(): number {
    return this.#state.at === 'closed' ? 0 : this.#state.carrier.buffered;
  }

  /** Bytes that the client took so far, whoever wrote them. */
  get taken(): number {
    return this.#written - this.buffered;
  }

  /** There is one listener at most, and usually none. */
  listen(listener: EngineListener): void {
    this.#listener = listener;
  }

  use(user: EngineUser): void {
    this.#user = user;
  }

  /** @param frames packets as whole WebSocket frames, or several joined */
  write(frames: readonly Uint8Array[]): boolean {
    if (this.#state.at === 'closed' || this.#state.at === 'leaving') return false;
    for (const { byteLength } of frames) this.#written += byteLength;
    return this.#state.carrier.write(frames);
  }

  send(data: string | Uint8Array): void {
    this.write([frameOf({ type: 'message', data })]);
  }

  /** Calls back once, when nothing waits any more. */
  onDrain(run: () => void): void {
    if (this.buffered === 0) setImmediate(run);
    else this.#drained.push(run);
  }

  /** Reads from the client only while nobody wants it paused. */
  pause(who: unknown, paused: boolean): void {
    const before = this.#pausers.size > 0;
    if (paused) this.#pausers.add(who);
    else this.#pausers.delete(who);
    const after = this.#pausers.size > 0;
    if (before !== after && this.#state.at !== 'closed') this.#state.carrier.pause(after);
  }

  /** A packet of the client. */
  receive({ type, data }: Packet): void {
    if (!this.open) return;
    if (type === 'pong') {
      this.#heartbeat.pong();
    } else if (type === 'message') {
      try {
        this.#user?.message(data ?? '');
      } catch {
        this.end('parse error');
        return;
      }
      this.#bound();
    } else if (type === 'close') {
      if (this.#state.at === 'polling' || this.#state.at === 'probing') this.#state.carrier.release();
      this.end('transport close');
    } else if (type !== 'noop') {
      this.end('parse error');
    }
  }

  /** Who asks without taking the answers is not read from, whatever it asks. */
  #bound(): void {
    if (this.buffered <= HIGH_WATER || this.#pausers.has(this)) return;
    this.pause(this, true);
    this.onDrain(() => this.pause(this, false));
  }

  /** Whether it still lives, now: looked at whenever the client shows itself. */
  alive(): boolean {
    if (this.#state.at !== 'closed' && this.#heartbeat.expired && !this.#excused()) this.end('ping timeout');
    return this.#state.at !== 'closed';
  }

  #ping(): void {
    this.#takenAtPing = this.taken;
    this.write([pingPacket]);
  }

  #silent(): void {
    if (!this.#excused()) this.end('ping timeout');
    else {
      this.#takenAtPing = this.taken;
      this.#heartbeat.excuse();
    }
  }

  /** A slow reader that goes on reading has not come to the ping yet; of one that we don't read, no answer can come. */
  #excused(): boolean {
    if (this.#pausers.size > 0) return true;
    return this.#state.at === 'websocket' && this.#state.carrier.buffered > 0 && this.taken > this.#takenAtPing;
  }

  /** @param abandon closes the probe's socket */
  probe(abandon: () => void): boolean {
    if (this.#state.at !== 'polling') return false;
    this.#state = { at: 'probing', carrier: this.#state.carrier, abandon };
    return true;
  }

  /** The probe came to nothing. Polls go on. */
  unprobe(): void {
    if (this.#state.at !== 'probing') return;
    this.#state = { at: 'polling', carrier: this.#state.carrier };
    this.#probed();
  }

  /** The client goes on over the carrier that it probed. What waited for a poll goes first. */
  upgrade(carrier: Carrier): void {
    if (this.#state.at !== 'probing') return;
    const waiting = this.#state.carrier.retire();
    this.#state = { at: 'websocket', carrier };
    if (waiting.length > 0) carrier.write(waiting);
    if (this.#pausers.size > 0) carrier.pause(true);
    if (this.buffered === 0) this.drained();
    this.#listener?.upgraded();
    this.#probed();
  }

  drained(): void {
    for (const run of this.#drained.splice(0)) run();
  }

  broken(reason: string): void {
    this.end(reason);
  }

  /** Ends it from our side. What waits is still said, if the client asks for it in time. */
  close(reason: string): void {
    const state = this.#state;
    if (!this.open || state.at === 'closed') return;
    if (state.at === 'probing') {
      this.#closeAfterProbe(reason);
      return;
    }
    if (state.carrier.farewell() || !(state.carrier instanceof PollingCarrier)) {
      this.#finish(reason);
      return;
    }
    const cancel = this.clock.after(FAREWELL_WITHIN, () => this.end(reason));
    this.#state = { at: 'leaving', carrier: state.carrier, cancel };
    this.#gone(reason);
  }

  /** In the middle of an upgrade the client fetches nothing: it is closed when it has come over, or has given up. */
  #closeAfterProbe(reason: string): void {
    if (this.#closing !== undefined) return;
    const cancel = this.clock.after(FAREWELL_WITHIN, () => this.end(reason));
    this.#closing = { reason, cancel };
  }

  #probed(): void {
    const closing = this.#closing;
    this.#closing = undefined;
    if (closing === undefined) return;
    closing.cancel();
    this.close(closing.reason);
  }

  /** Ends it at once: the protocol was broken, or the client is gone. */
  end(reason: string): void {
    const state = this.#state;
    if (state.at === 'closed') return;
    if (state.at === 'probing') state.abandon();
    this.#finish(reason);
    state.carrier.end();
  }

  #finish(reason: string): void {
    if (this.#state.at === 'leaving') this.#state.cancel();
    this.#closing?.cancel();
    this.#state = { at: 'closed' };
    this.#host.closed(this);
    this.#gone(reason);
  }

  #gone(reason: string): void {
    this.#heartbeat.stop();
    const user = this.#user;
    this.#user = undefined;
    this.#drained = [];
    user?.ended(reason);
    this.#listener?.ended(reason);
    this.#listener = undefined;
  }
}
