import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSuda, type RoomHandle, type Suda, type TransportName } from '@suda/client';
import type { Message } from '@suda/protocol';
import { seeded } from './model/simulated-time.ts';
import { ServerProcess } from './server-process.ts';

const ROOM = 'lobby';
const kinds: readonly TransportName[] = ['websocket', 'websocket', 'websocket', 'sse', 'sse', 'polling'];

export interface Crashes {
  readonly kills: number;
  readonly seed: number;
  /** Beside a rate of 0. */
  readonly flags?: readonly string[];
  /** What is done to the server in mid-sentence. */
  readonly kill: (server: ServerProcess, turn: number) => Promise<void>;
}

/** Resolves when the condition holds; looks whenever something happened. */
async function until(what: string, holds: () => boolean, within = 60_000): Promise<void> {
  const end = Date.now() + within;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Talker {
  readonly id: string;
  readonly name: string;
  /** clientIds in the order in which they were said. */
  readonly said: string[];
  /** What was acknowledged, and where it stands. */
  readonly acknowledged: Map<string, number>;
  stop(): void;
}

/** Talks through the SDK, a few messages ahead of the acknowledgements. */
function talkBySdk(handle: RoomHandle, id: string, name: string): Talker {
  const said: string[] = [];
  const acknowledged = new Map<string, number>();
  let talking = true;
  const more = (): void => {
    while (talking && handle.get().outbox.length < 3) said.push(handle.send(`${name} ${said.length}`));
  };
  handle.subscribe(({ outbox, messages }) => {
    for (const entry of outbox) if (entry.state === 'sent') acknowledged.set(entry.clientId, entry.pos);
    // An entry may leave the outbox in the same change in which its message appears.
    for (const message of messages.slice(-50))
      if (message.sender?.id === id && message.clientId) acknowledged.set(message.clientId, message.pos);
    queueMicrotask(more);
  });
  return {
    id,
    name,
    said,
    acknowledged,
    stop: () => {
      talking = false;
    },
  };
}

/** Talks over bare HTTP, with nothing but a clientId and a retry: what a shell script would do. */
function talkByHttp(server: ServerProcess, id: string, name: string, token: string): Talker & { done: Promise<void> } {
  const said: string[] = [];
  const acknowledged = new Map<string, number>();
  let talking = true;
  const run = async (): Promise<void> => {
    while (talking) {
      const clientId = `${name}-${said.length}`;
      said.push(clientId);
      for (;;) {
        const answer = await server
          .call<{ pos: number }>('POST', `/v1/rooms/${ROOM}/messages`, { clientId, text: clientId }, token)
          .catch(() => undefined);
        if (answer?.status === 200) {
          acknowledged.set(clientId, answer.body.pos);
          break;
        }
        assert.ok(answer === undefined || answer.status >= 500, `refused with ${answer?.status}: ${JSON.stringify(answer?.body)}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    }
  };
  return {
    id,
    name,
    said,
    acknowledged,
    stop: () => {
      talking = false;
    },
    done: run(),
  };
}

/**
 * Eight clients over mixed transports talk in one room while the server is killed again and again. Then the log is looked at: nothing
 * acknowledged is missing, nothing is there twice, and everyone sees the same.
 */
export async function talkThroughCrashes(t: TestContext, { kills, seed, flags = [], kill }: Crashes): Promise<void> {
  const random = seeded(seed);
  const server = await ServerProcess.start(['--rate', '0', ...flags]);
  const clients: Suda[] = [];
  try {
    const talkers: Talker[] = [];
    const handles: RoomHandle[] = [];
    for (const [i, transport] of kinds.entries()) {
      const name = `${transport}${i}`;
      const { id, token } = await server.guest(name);
      await server.call('POST', `/v1/rooms/${ROOM}/join`, {}, token);
      const suda = createSuda({ url: server.url, token, transports: [transport] });
      const handle = suda.room(ROOM);
      handle.open();
      suda.connect();
      clients.push(suda);
      handles.push(handle);
      talkers.push(talkBySdk(handle, id, name));
    }
    const scripts: Promise<void>[] = [];
    for (const name of ['http0', 'http1']) {
      const { id, token } = await server.guest(name);
      await server.call('POST', `/v1/rooms/${ROOM}/join`, {}, token);
      const talker = talkByHttp(server, id, name, token);
      talkers.push(talker);
      scripts.push(talker.done);
    }
    const count = (): number => talkers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    await until('everyone said something', () => talkers.every(({ acknowledged }) => acknowledged.size > 0));
    for (let turn = 0; turn < kills; turn++) {
      const before = count();
      const moment = Math.floor(random() * 60);
      await until(`talk goes on before kill ${turn + 1}`, () => count() > before + moment);
      await kill(server, turn);
    }
    await until('everyone talks after the last kill', () => handles.every((handle) => handle.get().status === 'live'));
    for (const talker of talkers) talker.stop();
    await Promise.all(scripts);
    await until('every outbox is empty', () => handles.every((handle) => handle.get().outbox.length === 0));

    const { token } = await server.guest('auditor');
    await server.call('POST', `/v1/rooms/${ROOM}/join`, {}, token);
    const log: Message[] = [];
    for (let after = 0; ; ) {
      const { body } = await server.call<{ messages: Message[]; pos: number }>(
        'GET',
        `/v1/rooms/${ROOM}/messages?after=${after}&limit=100`,
        undefined,
        token,
      );
      log.push(...body.messages);
      after = log.at(-1)?.pos ?? 0;
      if (body.messages.length === 0 || after === body.pos) break;
    }
    log.forEach((message, i) => {
      assert.equal(message.pos, i + 1, 'P3 positions have no hole');
      assert.equal(message.rev, i + 1, 'P4 revs have no hole (nothing was edited)');
    });
    const places = new Map<string, number[]>();
    for (const { sender, clientId, pos } of log)
      if (clientId) places.set(`${sender?.id} ${clientId}`, [...(places.get(`${sender?.id} ${clientId}`) ?? []), pos]);
    let acknowledged = 0;
    let unanswered = 0;
    for (const talker of talkers) {
      let last = 0;
      for (const clientId of talker.said) {
        const at = places.get(`${talker.id} ${clientId}`) ?? [];
        assert.ok(at.length <= 1, `P2 ${talker.name} ${clientId} exists ${at.length} times`);
        const told = talker.acknowledged.get(clientId);
        if (told === undefined) unanswered++;
        else {
          acknowledged++;
          assert.deepEqual(at, [told], `P1 ${talker.name} ${clientId} was acknowledged at ${told}`);
        }
        const [place] = at;
        if (place === undefined) continue;
        assert.ok(place > last, `P3 ${talker.name} keeps their order`);
        last = place;
      }
    }
    const head = log.length;
    await until('every client reaches the head', () => handles.every((handle) => handle.get().cursor?.rev === head));
    for (const handle of handles) {
      const { messages } = handle.get();
      assert.deepEqual(messages, log.slice(-messages.length), 'P3 every client sees what the log holds');
    }
    await server.end('SIGTERM');
    const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));
    const checked = spawnSync(process.execPath, [cli, 'check', '--data', server.folder], { encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    t.diagnostic(
      `${kills} kills; ${log.length} messages, ${acknowledged} sends acknowledged, ${unanswered} never answered; ${checked.stdout.trim()}`,
    );
  } finally {
    for (const client of clients) client.close();
    await server.remove();
  }
}
