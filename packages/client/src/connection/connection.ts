import type { CommandName, EventName } from '@suda/protocol';
import { shouldReconnect } from '@suda/protocol/close-codes';
import type { ErrorCode, WireError } from '@suda/protocol/errors';
import { backoff } from '../backoff.ts';
import { asClientError, unavailable } from '../errors.ts';
import { type DialLink, type Link, type LinkContext, type Loss, OPEN_WITHIN, type Page } from '../links/link.ts';
import { dialPolling } from '../links/polling.ts';
import { dialEventStream } from '../links/sse.ts';
import { dialWebSocket } from '../links/websocket.ts';
import { value } from '../observable.ts';
import type { ConnectionState, Observable, TransportName } from '../types.ts';
import { listenToBrowser, networkIsDown } from './browser.ts';
import { afterFailure, afterRecovery, afterSuccess, choose, firstChoice } from './fallback.ts';
import { type Facts, type Input, next, table } from './state.ts';
import { type Watch, watch } from './watch.ts';

const dials: { readonly [T in TransportName]: DialLink } = { websocket: dialWebSocket, sse: dialEventStream, polling: dialPolling };

/** A connection that stood for so long was a good one: the next try is a first one again. */
const GOOD_AFTER = 10_000;
const WAKE_WITHIN = 2_000;
/** How often to try although the browser says that there is no network. */
const OFFLINE_RETRY = 30_000;

/** What the connection tells its owner. */
export interface ConnectionOwner {
  /** Says hello over the link that has opened. Rejects with the refusal. */
  greet(link: Link): Promise<void>;
  /** The link stands and we are known. */
  online(): void;
  /** The link that stood is no more. */
  gone(): void;
  event(name: EventName, data: unknown): void;
  page(page: Page): void;
}

export interface Connection {
  readonly state: Observable<ConnectionState>;
  connect(): void;
  disconnect(): void;
  wake(): void;
  /** @throws SudaClientError */
  command(name: CommandName, input: object): Promise<unknown>;
  /** The opened rooms are others now. */
  listen(): void;
  close(): void;
}

function closedFor(code: number): WireError {
  const codes: { readonly [code: number]: ErrorCode } = { 4001: 'unauthenticated', 1009: 'payload_too_large' };
  return { code: codes[code] ?? 'not_allowed', message: `The server closed the connection (${code}).`, retry: false };
}

/** Keeps one link to the server, whatever happens: dials, greets, watches, waits and dials again. */
export function createConnection(
  context: LinkContext,
  random: () => number,
  transports: readonly TransportName[],
  owner: ConnectionOwner,
): Connection {
  const { clock } = context;
  const state = value<ConnectionState>({ state: 'idle' });
  let link: Link | undefined;
  let watching: Watch | undefined;
  let memory = firstChoice;
  let attempt = 0;
  let since = 0;
  let onlineAt = 0;
  /** The server said when to come back: milliseconds. */
  let hint: number | undefined;
  let cancelTimer = (): void => {};
  let stopListening: (() => void) | undefined;

  const transport = (): TransportName => transports[memory.index] ?? 'websocket';
  const none: WireError = unavailable().toWire();

  const step = (input: Input, facts: Partial<Facts> = {}): void => {
    const before = state.get();
    if (before.state !== 'connecting' && table[before.state][input] === 'connecting') memory = choose(memory, clock.now());
    const after = next(before, input, { transport: transport(), attempt, retryAt: 0, since, error: none, ...facts });
    if (after === before) return;
    cancelTimer();
    cancelTimer = () => {};
    watching?.stop();
    watching = undefined;
    if (after.state !== 'online') {
      const old = link;
      link = undefined;
      old?.close();
    }
    arm(after);
    // Whoever is told may move on at once: from here on nothing of this step is left to do but to tell.
    state.set(after);
    if (before.state === 'online') owner.gone();
  };

  const arm = (after: ConnectionState): void => {
    switch (after.state) {
      case 'connecting':
        stopListening ??= listenToBrowser({ down, up: () => step('up'), wake });
        dial(after.transport);
        break;
      case 'online':
        onlineAt = clock.now();
        hint = undefined;
        if (link) watching = watch(clock, link.quiet, link.ping, () => lost(), wake);
        break;
      case 'waiting':
        cancelTimer = clock.after(Math.max(0, after.retryAt - clock.now()), () => step('due'));
        break;
      case 'offline':
        cancelTimer = clock.after(OFFLINE_RETRY, () => step('due'));
        break;
      default:
        stopListening?.();
        stopListening = undefined;
        attempt = 0;
        since = 0;
        hint = undefined;
    }
  };

  const lost = (input: 'lost' | 'stale' = 'lost'): void => {
    const now = clock.now();
    const stood = state.get().state === 'online';
    if (stood && now - onlineAt >= GOOD_AFTER) attempt = 0;
    if (stood || since === 0) since = now;
    const retryAt = now + (hint ?? backoff(attempt, random()));
    hint = undefined;
    attempt++;
    step(input, { retryAt, attempt, since });
    if (networkIsDown()) step('down', { since });
  };

  /** A refusal that says when to come back; many were told the same, so they spread. */
  const later = (error: WireError | undefined): void => {
    if (error?.retryAfter !== undefined) hint ??= error.retryAfter + backoff(attempt, random());
  };

  const dial = (name: TransportName): void => {
    let greeted = false;
    let opened = false;
    const fail = ({ code, error }: Loss): void => {
      if (link !== own) return;
      if (!greeted) {
        const unreachable = name !== 'websocket' && !opened;
        memory = afterFailure(memory, unreachable ? 'unreachable' : 'transport', transports.length);
      }
      if (error && !error.retry && error.code === 'unauthenticated') step('refused', { error });
      else if (!shouldReconnect(code)) step('refused', { error: closedFor(code) });
      else {
        later(error);
        lost();
      }
    };
    const own = dials[name](context, {
      open() {
        if (link !== own) return;
        cancelTimer = clock.after(OPEN_WITHIN, () => fail({ code: 1006 }));
        owner
          .greet(own)
          .then(() => {
            if (link !== own) return undefined;
            cancelTimer();
            opened = true;
            const fair = afterRecovery(memory);
            if (!fair) return own.start();
            memory = fair;
            hint = 0;
            lost();
            return undefined;
          })
          .then(() => {
            if (link !== own) return;
            greeted = true;
            memory = afterSuccess(memory, clock.now());
            step('opened');
            if (link === own) owner.online();
          })
          .catch((reason: unknown) => {
            if (link !== own || opened) return;
            const error = asClientError(reason).toWire();
            if (!error.retry) step('refused', { error });
            else if (name === 'websocket') {
              // It answered: the transport is good.
              later(error);
              lost();
            } else fail({ code: 1006, error });
          });
      },
      heard: () => watching?.heard(),
      event(event, data) {
        if (event === 'drain') hint = (data as { reconnectIn: number }).reconnectIn;
        owner.event(event, data);
      },
      page: (page) => owner.page(page),
      lost: fail,
    });
    link = own;
  };

  const wake = (): void => {
    if (state.get().state === 'online') watching?.check(WAKE_WITHIN, () => lost('stale'));
    else step('wake');
  };
  const down = (): void => {
    if (state.get().state === 'online') wake();
    else step('down');
  };

  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      let done = false;
      let leave = (): void => {};
      leave = state.subscribe(({ state: phase }) => {
        if (done || phase === 'connecting') return;
        done = true;
        queueMicrotask(() => leave());
        resolve();
      });
    });

  return {
    state,
    connect: () => step('connect'),
    disconnect: () => step('disconnect'),
    wake,
    async command(name, input) {
      if (state.get().state === 'connecting') await settled();
      if (!link || state.get().state !== 'online') throw unavailable();
      return link.command(name, input);
    },
    listen: () => link?.listen(),
    close: () => step('close'),
  };
}
