import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SUBPROTOCOL } from '@suda/protocol/version';
import { WebSocketServer } from 'ws';
import { systemClock } from './clock.ts';
import { createSuda } from './suda.ts';
import { FakeChat } from './testing/fake-chat.ts';
import { FakeNetwork } from './testing/fake-network.ts';
import { jun, mina } from './testing/world.ts';
import type { RoomHandle, RoomState, TransportName } from './types.ts';

/** The fake chat behind real sockets of this machine, so that the platform's own WebSocket and fetch are tried. */
async function serve() {
  const chat = new FakeChat();
  chat.users.set('token-Mina', mina);
  const room = chat.room('hall');
  room.join(mina);
  const { websocket, fetch } = new FakeNetwork(chat, systemClock).dialers;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const pieces: string[] = [];
    for await (const piece of request) pieces.push(String(piece));
    const { method = 'GET', url = '/', headers } = request;
    const init = { method, headers: { authorization: headers.authorization ?? '' }, signal: gone.signal };
    const inner = await fetch?.(`http://suda.test${url}`, pieces.length > 0 ? { ...init, body: pieces.join('') } : init);
    response.writeHead(inner?.status ?? 500, Object.fromEntries(inner?.headers ?? []));
    response.flushHeaders();
    for await (const piece of inner?.body ?? []) response.write(piece);
    response.end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({
    server,
    path: '/v1/ws',
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  sockets.on('connection', (client) => {
    const inner = websocket?.('', '');
    if (!inner) return;
    const waiting: string[] = [];
    let open = false;
    client.on('message', (data) => (open ? inner.send(String(data)) : waiting.push(String(data))));
    client.on('close', () => inner.close());
    inner.onopen = () => {
      open = true;
      for (const text of waiting) inner.send(text);
    };
    inner.onmessage = ({ data }) => client.send(String(data));
    inner.onclose = () => client.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { room, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Waits for the room to be so. */
function until(handle: RoomHandle, holds: (state: RoomState) => boolean): Promise<RoomState> {
  return new Promise((resolve) => {
    let leave = (): void => {};
    leave = handle.subscribe((state) => {
      if (!holds(state)) return;
      queueMicrotask(() => leave());
      resolve(state);
    });
  });
}

for (const transport of ['websocket', 'sse', 'polling'] as readonly TransportName[]) {
  test(`P5 ${transport} on this platform's own WebSocket and fetch`, async () => {
    const { room, stop, url } = await serve();
    const suda = createSuda({ url, token: 'token-Mina', transports: [transport] });
    const hall = suda.room('hall');
    hall.open();
    suda.connect();
    await until(hall, ({ status }) => status === 'live');
    hall.send('안녕하세요 👋');
    await until(hall, ({ messages, outbox }) => messages.length === 1 && outbox.length === 0);
    room.say(jun, { text: '반가워요' });
    const { messages } = await until(hall, (state) => state.messages.length === 2);
    assert.deepEqual(messages, room.messages);
    suda.close();
    await stop();
  });
}
