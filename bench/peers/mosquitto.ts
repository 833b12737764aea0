import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Member, member } from '../load/member.ts';
import { many } from '../load/pause.ts';
import { startProgram } from '../load/processes.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { found } from './prepared.ts';

/** An MQTT 3.1.1 packet (OASIS standard §2.2) of up to 16 KB: its type and flags, its length, the rest. */
function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(parts);
  const length = rest.length < 128 ? [rest.length] : [0x80 | (rest.length & 0x7f), rest.length >> 7];
  return Buffer.concat([Buffer.from([type, ...length]), rest]);
}

/** A text with its length before it (§1.5.3). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

let clients = 0;

/** Someone who is connected: a clean session, and no heartbeat (§3.1). */
async function open(port: number): Promise<RawWebSocket> {
  const raw = await openRaw('127.0.0.1', port, '/', { 'Sec-WebSocket-Protocol': 'mqtt' });
  const hello = packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 0]), text(`bench-${process.pid}-${++clients}`));
  await raw.ask(clientFrame(hello, 2), [' \u0002\u0000\u0000']);
  return raw;
}

async function subscribe(raw: RawWebSocket, rooms: readonly string[]): Promise<void> {
  const wish = packet(0x82, Buffer.from([0, 1]), ...rooms.flatMap((room) => [text(room), Buffer.from([0])]));
  await raw.ask(clientFrame(wish, 2), ['\u0000\u0001']);
}

const inside = (raw: RawWebSocket): Member =>
  member(raw, { opcode: 2, least: 20 }, (room, said) => clientFrame(packet(0x30, text(room), Buffer.from(said)), 2));

/**
 * Mosquitto over WebSocket, quality of service 0, as its manual page advises where many are connected and much is sent at once
 * (mosquitto.conf(5): max_queued_messages, set_tcp_nodelay): no persistence, nobody's queue is cut.
 */
export const mosquitto: Peer = {
  name: 'mosquitto',
  title: 'Mosquitto (MQTT)',
  lacks: 'keeps nothing at QoS 0',
  can: ['room', 'rooms'],
  version: () => /version (\S+)/.exec(spawnSync(found('mosquitto') ?? 'mosquitto', ['-h'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? '',
  missing: () => (found('mosquitto') === undefined ? 'a package of Debian that is not here: apt-get install mosquitto' : undefined),
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-mosquitto-'));
    const port = await freePort();
    writeFileSync(
      join(folder, 'mosquitto.conf'),
      [
        'per_listener_settings false',
        'allow_anonymous true',
        'persistence false',
        'set_tcp_nodelay true',
        'max_queued_messages 0',
        'max_queued_bytes 0',
        'log_type error',
        ...(process.getuid?.() === 0 ? ['user root'] : []),
        // With a listener for WebSockets alone, version 2.0.11 says that it has none, and ends.
        `listener 0 ${join(folder, 'socket')}`,
        `listener ${port} 127.0.0.1`,
        'protocol websockets',
        '',
      ].join('\n'),
    );
    const server = await startProgram(found('mosquitto') ?? 'mosquitto', ['-c', join(folder, 'mosquitto.conf')], { port });
    return {
      server,
      rooms: async (count) => Array.from({ length: count }, (_, i) => `room/${i}`),
      members: (count, roomsOf) =>
        many(count, async (i) => {
          const raw = await open(port);
          await subscribe(raw, roomsOf(i));
          return inside(raw);
        }),
      connect: async () => inside(await open(port)),
      async stop() {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
