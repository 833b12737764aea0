import { type Member, member } from '../load/member.ts';
import { many } from '../load/pause.ts';
import { startNode } from '../load/processes.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import type { Peer } from './peer.ts';
import { npmPeer } from './prepared.ts';

const own = npmPeer('faye', { faye: '1.4.3' }, 'faye.mjs');

/** What follows Bayeux (https://docs.cometd.org/current7/reference/#_bayeux): a client that shook hands and waits on its connection. */
async function open(port: number): Promise<{ raw: RawWebSocket; clientId: string }> {
  const raw = await openRaw('127.0.0.1', port, '/faye');
  const hands = [{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['websocket'] }];
  const clientId = /"clientId":"([^"]+)"/.exec(await raw.ask(clientFrame(JSON.stringify(hands)), ['"clientId"']))?.[1] ?? '';
  raw.socket.write(clientFrame(JSON.stringify([{ channel: '/meta/connect', clientId, connectionType: 'websocket' }])));
  return { raw, clientId };
}

/** Who says something hears that it was taken as well; that frame begins with the client's id. */
const inside = (raw: RawWebSocket, clientId: string): Member =>
  member(raw, { begins: '[{"channel":"/room/' }, (room, text) =>
    clientFrame(`[{"channel":"${room}","data":"${text}","clientId":"${clientId}"}]`),
  );

export const faye: Peer = {
  name: 'faye',
  title: 'Faye',
  lacks: 'keeps nothing, loses what a cut swallows',
  can: ['room', 'rooms'],
  version: own.version,
  missing: own.missing,
  prepare: own.prepare,
  async start() {
    const server = await startNode([own.program()]);
    return {
      server,
      rooms: async (count) => Array.from({ length: count }, (_, i) => `/room/${i}`),
      members: (count, roomsOf) =>
        many(count, async (i) => {
          const { raw, clientId } = await open(server.port);
          for (const subscription of roomsOf(i)) {
            const wish = [{ channel: '/meta/subscribe', clientId, subscription }];
            await raw.ask(clientFrame(JSON.stringify(wish)), ['"/meta/subscribe"', '"successful":true']);
          }
          return inside(raw, clientId);
        }),
      connect: async () => {
        const { raw, clientId } = await open(server.port);
        return inside(raw, clientId);
      },
      stop: () => server.stop(),
    };
  },
};
