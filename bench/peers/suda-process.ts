import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { many } from '../load/pause.ts';
import { type ServerProcess, startNode } from '../load/processes.ts';
import type { StartOptions } from './peer.ts';

const cli = fileURLToPath(new URL('../../packages/server/src/cli.ts', import.meta.url));

export const sudaVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/**
 * Starts the product itself, fsync and all. Its limit of messages a second for each person is off: one person says everything here.
 * @param workers processes that share the port
 */
export async function startSuda({ folder }: StartOptions = {}, workers = 1): Promise<ServerProcess> {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'suda-bench-'));
  const flags = { port: 0, host: '127.0.0.1', data, rate: 0, 'log-level': 'warn', ...(workers === 1 ? {} : { workers }) };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startNode([cli, 'start', ...args], { everywhere: workers > 1 });
  return {
    ...server,
    async stop() {
      await server.stop();
      if (folder === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Connections that are used again: to open one for each request would cost more than the requests. */
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Asks Suda for something over HTTP. @throws Error unless it is granted */
export function ask<T>(port: number, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
      });
    });
    asked.once('error', reject);
    asked.end(payload);
  });
}

/** @returns a guest's token */
export async function guest(port: number, name: string): Promise<string> {
  return (await ask<{ token: string }>(port, 'POST', '/v1/session', { name })).token;
}

/** So many guests, each a person of their own. */
export const guests = (port: number, count: number): Promise<string[]> => many(count, (i) => guest(port, `person ${i}`), 16);

/** Public rooms, of as many owners as are needed. */
export async function makeRooms(port: number, count: number): Promise<string[]> {
  const rooms: string[] = [];
  while (rooms.length < count) {
    const owner = await guest(port, 'owner');
    const some = Math.min(400, count - rooms.length);
    rooms.push(
      ...(await many(
        some,
        async (i) => (await ask<{ id: string }>(port, 'POST', '/v1/rooms', { name: `room ${i}`, kind: 'public' }, owner)).id,
        16,
      )),
    );
  }
  return rooms;
}

/** Brings people into their rooms, before they listen there: nobody needs to hear of it. */
export async function bringIn(port: number, tokens: readonly string[], roomsOf: (i: number) => readonly string[]): Promise<void> {
  await many(
    tokens.length,
    async (i) => {
      for (const room of roomsOf(i)) await ask(port, 'POST', `/v1/rooms/${room}/join`, {}, tokens[i]);
    },
    16,
  );
}
