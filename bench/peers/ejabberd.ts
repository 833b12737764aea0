import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Member, member } from '../load/member.ts';
import { many } from '../load/pause.ts';
import { startProgram } from '../load/processes.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { found } from './prepared.ts';

/** The tables of its SQL store, as the package brings them. */
const schema = (): string | undefined =>
  ['/usr/share/ejabberd/sql/lite.sql', ...globSync('/usr/lib/*/ejabberd-*/priv/sql/lite.sql')].find(existsSync);

/** Where Debian keeps its Erlang code. */
const library = (): string | undefined => globSync('/usr/lib/*/ejabberd-*')[0]?.replace(/\/ejabberd-[^/]*$/, '');

/**
 * As its manual has it (https://docs.ejabberd.im/admin/configuration): rooms with their archive on (mod_mam), kept by SQL in SQLite, which is what it
 * advises for a small server. No limits of rate, no tellings of who came, which would be most of the traffic, and anyone may come.
 */
const configuration = (port: number, folder: string): string => `
hosts: [localhost]
loglevel: error
default_db: sql
sql_type: sqlite
sql_database: ${JSON.stringify(join(folder, 'ejabberd.db'))}
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
listen:
  -
    port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /ws: ejabberd_http_ws
modules:
  mod_mam:
    default: never
  mod_muc:
    access: all
    access_create: all
    history_size: 0
    max_users: 20000
    max_user_conferences: 100
    default_room_options:
      mam: true
      persistent: true
      max_users: 20000
      presence_broadcast: []
`;

const hello = clientFrame(`<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>`);

/** Someone without a name, over WebSocket (RFC 7395). */
async function open(port: number): Promise<RawWebSocket> {
  const raw = await openRaw('127.0.0.1', port, '/ws', { 'Sec-WebSocket-Protocol': 'xmpp' });
  await raw.ask(hello, ['</stream:features>']);
  await raw.ask(clientFrame(`<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>`), ['<success'], '<failure');
  await raw.ask(hello, ['</stream:features>']);
  await raw.ask(
    clientFrame(`<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>`),
    ['</jid>'],
    '<error',
  );
  return raw;
}

/** A message of a hundred bytes comes as one of more than 300, with its place in the archive. */
const LEAST = 250;

/** Everybody in a room has a name of their own there. */
let came = 0;
let said = 0;
const inside = (raw: RawWebSocket): Member =>
  member(raw, { least: LEAST }, (room, text) =>
    clientFrame(`<message xmlns="jabber:client" to="${room}" type="groupchat" id="m${++said}"><body>${text}</body></message>`),
  );

export const ejabberd: Peer = {
  name: 'ejabberd',
  title: 'ejabberd, archive on',
  lacks: 'acknowledges nothing; what a cut swallowed is the client’s to find',
  can: ['room', 'rooms'],
  version: () => /^Version: (\S+)/m.exec(spawnSync('dpkg', ['-s', 'ejabberd'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? '',
  missing: () =>
    library() === undefined ||
    schema() === undefined ||
    found('erl') === undefined ||
    globSync('/usr/lib/*/erlang/lib/p1_sqlite3-*').concat(globSync('/usr/lib/erlang/lib/p1_sqlite3-*')).length === 0
      ? 'packages of Debian that are not here: apt-get install ejabberd erlang-p1-sqlite3'
      : undefined,
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-ejabberd-'));
    const port = await freePort();
    writeFileSync(join(folder, 'ejabberd.yml'), configuration(port, folder));
    const tables = new DatabaseSync(join(folder, 'ejabberd.db'));
    tables.exec(readFileSync(schema() ?? '', 'utf8'));
    tables.close();
    // What ejabberdctl would say, but for the node's name: nobody speaks to it from another.
    const args = [
      '+K',
      'true',
      '+P',
      '250000',
      '+Q',
      '65536',
      '-mnesia',
      'dir',
      JSON.stringify(join(folder, 'mnesia')),
      '-s',
      'ejabberd',
      '-noinput',
    ];
    const server = await startProgram(found('erl') ?? 'erl', args, {
      port,
      cwd: folder,
      env: {
        EJABBERD_CONFIG_PATH: join(folder, 'ejabberd.yml'),
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
        ERL_LIBS: library() ?? '',
        ERL_MAX_PORTS: '65536',
        HOME: folder,
      },
    });
    return {
      server,
      rooms: async (count) => Array.from({ length: count }, (_, i) => `room${i}@conference.localhost`),
      async members(count, roomsOf) {
        const come = async (i: number): Promise<Member> => {
          const raw = await open(port);
          for (const room of roomsOf(i)) {
            const wish = `<presence xmlns="jabber:client" to="${room}/p${++came}"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>`;
            await raw.ask(clientFrame(wish), ['<subject'], "type='error'");
          }
          return inside(raw);
        };
        return many(count, come, 20);
      },
      connect: async () => inside(await open(port)),
      async stop() {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
