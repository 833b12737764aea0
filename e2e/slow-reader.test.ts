import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { MessageEvent } from '@suda/protocol';
import { WebSocket } from 'ws';
import { heldMemory } from './held-memory.ts';
import { freePort, ServerProcess } from './server-process.ts';

const FAST = 200;
/** Said twice while everyone reads, and once more while one does not. */
const MESSAGES = 3_500;
const TEXT = '느린 사람 하나가 모두를 기다리게 해서는 안 된다. '.repeat(200).slice(0, 4_000);
const ROOM = 'lobby';

interface Reader {
  readonly socket: WebSocket;
  /** Messages that were received. */
  count: number;
  cursor: number;
}

/** Enters the room on a WebSocket of its own. `onMessage` sees every message event. */
async function enter(server: ServerProcess, token: string, onMessage: (reader: Reader, text: string) => void): Promise<Reader> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/ws`, { headers: { authorization: `Bearer ${token}` } });
  const reader: Reader = { socket, count: 0, cursor: 0 };
  await once(socket, 'open');
  const opened = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('{"reply":1,')) {
        reader.cursor = (JSON.parse(text) as { data: { head: number } }).data.head;
        resolve();
      } else if (text.startsWith('{"event":"message')) onMessage(reader, text);
    });
  });
  socket.send(JSON.stringify({ event: 'room.open', data: { room: ROOM }, id: 1 }));
  await opened;
  return reader;
}

test(`P6 a reader that stops reading costs the ${FAST} others and the server nothing, and ends with everything`, {
  timeout: 180_000,
}, async (t) => {
  const inspector = await freePort();
  const server = await ServerProcess.start(['--rate', '0'], [`--inspect=127.0.0.1:${inspector}`, '--inspect-publish-uid=http']);
  const readers: Reader[] = [];
  try {
    const { token } = await server.guest('everyone');
    await server.call('POST', `/v1/rooms/${ROOM}/join`, {}, token);
    const texts = new Map<number, string>();
    let all: () => void = () => {};
    const count = (reader: Reader, text: string): void => {
      // `"rev":` stands near the front; parsing 200 × 12,000 messages would measure this test.
      const rev = Number(/"rev":(\d+)/.exec(text.slice(0, 200))?.[1]);
      assert.equal(rev, reader.cursor + 1, 'P4 a fast reader gets every rev');
      reader.cursor = rev;
      reader.count++;
      if (reader === readers[0]) texts.set(rev, text.slice(text.indexOf('"pos"'), text.indexOf('"pos"') + 120));
      if (reader.count === MESSAGES && readers.every((other) => other.count === MESSAGES)) all();
    };
    for (let i = 0; i < FAST; i++) readers.push(await enter(server, token, count));

    // The slow one takes note of what it gets by the rule R4.2.
    const held = new Map<number, number>();
    let complete: () => void = () => {};
    let last = 0;
    const slow = await enter(server, token, (reader, text) => {
      const message = JSON.parse(text.replace(/^\{"event":"message(\.changed)?","data":/, '').slice(0, -1)) as MessageEvent;
      assert.ok(message.rev > reader.cursor, 'P4 nothing comes twice');
      assert.equal(message.after ?? message.rev - 1, reader.cursor, 'P4 nothing is left out');
      reader.cursor = message.rev;
      held.set(message.pos, message.rev);
      if (message.rev >= last) complete();
    });
    const base = slow.cursor;
    /** Resolves when the slow reader is at `last`. */
    const reached = (): Promise<void> =>
      new Promise((resolve) => {
        complete = resolve;
        if (slow.cursor >= last) resolve();
      });

    /** Says everything once and waits until every fast reader has it. @returns messages a second, and what the server then holds, in MB */
    const talk = async (name: string): Promise<{ pace: number; held: number }> => {
      for (const reader of readers) reader.count = 0;
      const everyone = new Promise<void>((resolve) => {
        all = resolve;
      });
      let sent = 0;
      let answered = 0;
      const begin = performance.now();
      const more = (): void => {
        while (sent - answered < 64 && sent < MESSAGES) {
          sender.send(JSON.stringify({ event: 'message.send', data: { room: ROOM, clientId: `${name}${++sent}`, text: TEXT }, id: sent }));
        }
      };
      const onAnswer = (data: Buffer): void => {
        if (!data.toString().startsWith('{"reply"')) return;
        answered++;
        more();
      };
      sender.on('message', onAnswer);
      more();
      await everyone;
      sender.off('message', onAnswer);
      return { pace: Math.round((MESSAGES / (performance.now() - begin)) * 1_000), held: (await heldMemory(inspector)) / 1e6 };
    };

    const sender = new WebSocket(`${server.url.replace('http', 'ws')}/v1/ws`, { headers: { authorization: `Bearer ${token}` } });
    await once(sender, 'open');
    // The first round fills what is filled once.
    await talk('first');
    const healthy = await talk('healthy');
    last = base + 2 * MESSAGES;
    await reached();
    slow.socket.pause();
    const hindered = await talk('hindered');
    assert.equal(held.size, 2 * MESSAGES, 'the slow reader really read nothing in the meantime');
    // What is kept for one reader is bounded: 256 KB and a batch. It must not grow with what the reader missed.
    const volume = (MESSAGES * Buffer.byteLength(TEXT)) / 1e6;
    const grown = hindered.held - healthy.held;
    assert.ok(
      grown < volume / 4,
      `the server holds ${grown.toFixed(1)} MB more than with everyone reading while ${volume.toFixed(0)} MB wait for one reader`,
    );

    last = base + 3 * MESSAGES;
    slow.socket.resume();
    await reached();
    assert.equal(held.size, 3 * MESSAGES, 'P6 the slow reader ends with everything');
    t.diagnostic(
      `${MESSAGES} messages of ${Buffer.byteLength(TEXT)} bytes to ${FAST} readers: ${healthy.pace}/s, holding ${healthy.held.toFixed(1)} MB, while all read, ${hindered.pace}/s and ${hindered.held.toFixed(1)} MB while one did not; it missed ${volume.toFixed(0)} MB and has all of it now`,
    );
    sender.terminate();
    slow.socket.terminate();
  } finally {
    for (const { socket } of readers) socket.terminate();
    await server.remove();
  }
});
