import type { Member } from './member.ts';
import { pause, until } from './pause.ts';
import type { ServerProcess } from './processes.ts';
import { type Usage, usage } from './usage.ts';

/** What is said: a hundred bytes. */
export const TEXT = 'x'.repeat(100);

/** Connections that are all in one room of one server. The first of them speaks. */
export interface Room {
  readonly server: ServerProcess;
  readonly name: string;
  readonly members: readonly Member[];
}

export interface RoomResult {
  readonly messages: number;
  readonly deliveries: number;
  readonly used: Usage;
}

export const total = (members: readonly Member[]): number => members.reduce((sum, { counter }) => sum + counter.frames, 0);

/** Resolves when nothing has come for a while: what came before is over. */
export async function quiet(members: readonly Member[], whileMs = 500): Promise<void> {
  const heard = (): number => members.reduce((sum, { counter }) => sum + counter.frames + counter.others, 0);
  for (let before = -1; before !== heard(); await pause(whileMs)) before = heard();
}

/** How long it must be quiet after people came: servers gather who came, and tell it a little later, all at once. */
export const AFTER_COMING = 1_500;

/**
 * A fixed number of messages is in flight: when the first connection receives one, the next is sent. A message counts when everyone
 * has received it.
 * @param seconds of measuring, after a while of warming up
 * @throws Error when anyone received one message more or less than were sent
 */
export async function measureRoom({ server, name, members }: Room, inFlight: number, seconds: number): Promise<RoomResult> {
  const [first] = members;
  if (!first) throw new Error('nobody came');
  await quiet(members);
  let sent = 0;
  let running = true;
  const bases = members.map(({ counter }) => counter.frames);
  const base = first.counter.frames;
  const send = (count: number): void => {
    const frames: Buffer[] = [];
    for (let i = 0; i < count; i++) frames.push(first.say(name, TEXT));
    sent += count;
    first.socket.write(frames.length === 1 ? (frames[0] ?? '') : Buffer.concat(frames));
  };
  first.heard = () => {
    const due = first.counter.frames - base + inFlight - sent;
    if (running && due > 0) send(due);
  };
  send(inFlight);
  await pause(Math.min(1_000, seconds * 1_000));
  const before = total(members);
  const used = usage(server);
  await pause(seconds * 1_000);
  const deliveries = total(members) - before;
  const measured = used();
  running = false;
  first.heard = () => {};
  await everyoneHasAll(members, bases, sent);
  return { messages: deliveries / members.length, deliveries, used: measured };
}

/** @throws Error when anyone has one more or less after twenty seconds */
export async function everyoneHasAll(members: readonly Member[], bases: readonly number[], sent: number): Promise<void> {
  const lacking = (): readonly number[] => members.map(({ counter }, i) => counter.frames - (bases[i] ?? 0)).filter((got) => got !== sent);
  if (await until(() => lacking().length === 0, 20_000)) return;
  const [some] = lacking();
  throw new Error(`${lacking().length} connections did not receive exactly the ${sent} messages that were sent, but ${some}, for example`);
}
