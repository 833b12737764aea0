import type { ServerResponse } from 'node:http';
import type { CloseName } from '@suda/protocol';
import type { Connection, Encoding } from '../connection.ts';
import type { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import type { Admission } from './websocket.ts';

const nothing = new Uint8Array(0);

/** An entry of a log only wakes the poll: its answer is read from the log by cursor. Other events travel in the answer. */
const pollEncoding: Encoding = {
  name: 'polling',
  event: (event, json) => Buffer.from(`{"event":${JSON.stringify(event)},"data":${json}}`),
  logged: () => nothing,
  reply: () => nothing,
  refusal: () => nothing,
};

/** What woke a poll. */
export interface Woken {
  readonly reason: 'log' | 'event' | 'timeout' | 'gone' | 'closing';
  /** What was said in the meantime. */
  readonly events: readonly { readonly event: string; readonly data: unknown }[];
}

/** A poll that is being held: a session for as long as it waits. */
class HeldPoll implements Connection {
  readonly transport = 'polling';
  readonly encoding = pollEncoding;
  readonly buffered = 0;
  readonly woken: Promise<Woken>;
  readonly #events: Uint8Array[] = [];
  readonly #listens: boolean;
  #wake: (reason: Woken['reason']) => void = () => {};

  constructor(listens: boolean) {
    this.#listens = listens;
    this.woken = new Promise((resolve) => {
      this.#wake = (reason) => {
        resolve({ reason, events: this.#events.map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as Woken['events'][number]) });
      };
    });
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const said = chunks.filter((chunk) => chunk.byteLength > 0);
    if (this.#listens) this.#events.push(...said);
    if (said.length < chunks.length) this.#wake('log');
    else if (this.#listens) this.#wake('event');
    return true;
  }

  wake(reason: Woken['reason']): void {
    this.#wake(reason);
  }

  onDrain(run: () => void): void {
    setImmediate(run);
  }
  pause(): void {}
  ping(): void {}

  close(_name: CloseName): void {
    this.#wake('closing');
  }

  terminate(): void {
    this.#wake('gone');
  }
}

/**
 * Holds a poll until a topic that it listens to says something.
 * @param wait seconds
 * @param listens whether events beside the log wake it too
 * @param listen joins the topics
 */
export async function holdPoll(
  realtime: Realtime,
  response: ServerResponse,
  admission: Admission,
  wait: number,
  listens: boolean,
  listen: (session: Session) => void,
): Promise<Woken> {
  const poll = new HeldPoll(listens);
  const session = realtime.accept(poll, admission.address, admission.data, admission.id);
  const cancel = realtime.clock.after(wait * 1000, () => poll.wake('timeout'));
  const gone = (): void => poll.wake('gone');
  response.once('close', gone);
  if (response.destroyed) gone();
  try {
    listen(session);
    return await poll.woken;
  } finally {
    cancel();
    response.off('close', gone);
    session.end('answered');
  }
}
