import { Realtime, type RealtimeOptions } from '../realtime.ts';
import type { Session } from '../session.ts';
import type { Subscription } from '../subscription.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeConnection } from './fake-connection.ts';
import type { FakeLog } from './fake-log.ts';

export interface Client {
  readonly connection: FakeConnection;
  readonly session: Session;
}

/** A hub on a clock that the test moves, and short ways of doing things there. */
export class Hub {
  readonly clock = new FakeClock();
  readonly errors: unknown[] = [];
  readonly realtime: Realtime;

  constructor(options: RealtimeOptions = {}) {
    this.realtime = new Realtime({ clock: this.clock, onError: (error) => this.errors.push(error), ...options });
  }

  tick(): Promise<void> {
    return this.clock.tick();
  }

  client(connection = new FakeConnection()): Client {
    return { connection, session: this.realtime.accept(connection, '192.0.2.1') };
  }

  /** Brings a client to a topic's log, from a cursor on. */
  async follow(log: FakeLog, cursor = log.head, { session } = this.client(), name = 'topic'): Promise<Subscription> {
    const subscription = session.join(name, log);
    await subscription.topic.ready();
    subscription.start(cursor);
    await this.tick();
    return subscription;
  }
}
