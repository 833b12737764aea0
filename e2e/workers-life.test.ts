import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closeCodes } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import type { Socket } from './wire/socket.ts';
import { noProc, WorkersSite } from './workers-site.ts';

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));

describe('the life of several workers', { skip: noProc }, () => {
  let site: WorkersSite;
  before(async () => {
    site = await WorkersSite.open({ after: () => {} }, 2);
  });
  after(() => site.server.remove());

  const suda = (port: number, data: string) =>
    spawnSync(process.execPath, [cli, 'start', '--workers', '2', '--host', '127.0.0.1', '--port', String(port), '--data', data], {
      encoding: 'utf8',
      timeout: 30_000,
    });

  it('P8 a port and a folder that they have are in use, and it is said once', () => {
    const port = suda(site.port, `${site.server.folder}-other`);
    assert.deepEqual([port.status, port.stderr], [1, `Port ${site.port} is in use. Choose another with --port or PORT.\n`]);
    const folder = suda(0, site.server.folder);
    assert.equal(folder.status, 1);
    assert.match(folder.stderr, /^The data folder .* is in use by another Suda \(pid \d+\)\.[^\n]*\n$/);
    assert.equal(site.server.said.match(/Suda is listening/g)?.length, 1);
  });

  it('when a worker is killed, those go after the usual time who were only there, and another one comes in its place', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun', 'Robin']);
    const [mina, jihun, robin] = people;
    const hers = await mina.socket();
    const dying = site.workerOf(hers);
    const staying = async (person: typeof mina): Promise<Socket> => {
      for (;;) {
        const socket = await person.socket();
        if (site.workerOf(socket) !== dying) return socket;
        socket.ws.terminate();
      }
    };
    const watcher = await staying(jihun);
    await watcher.ask('room.open', { room });
    // Robin is in both.
    await staying(robin);
    await robin.socket();
    await watcher.events.first('Robin', ({ event, data }) => event === 'presence' && data.online.includes(robin.id));
    process.kill(dying, 'SIGKILL');
    assert.equal((await hers.closed).code, 1006);
    await watcher.events.first('that Mina has gone', ({ event, data }) => event === 'presence' && data.offline.includes(mina.id));
    const gone = watcher.events.all.flatMap(({ event, data }) => (event === 'presence' && data.room === room ? data.offline : []));
    assert.deepEqual(gone, [mina.id]);
    await mina.say(room, 'served by those that are left');
    while (site.workers().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    // The new one knows who is here, and is as good as the others.
    let late = await mina.socket();
    while (site.workerOf(late) === site.workerOf(watcher)) {
      late.ws.terminate();
      late = await mina.socket();
    }
    const { members } = await late.ask('room.members', { room });
    assert.deepEqual(
      members.map(({ user, online }) => [user.name, online]),
      [
        ['Mina', true],
        ['Jihun', true],
        ['Robin', true],
      ],
    );
    await late.ask('message.send', { room, clientId: 'late', text: 'from the new one' });
    await watcher.events.first('what is said there', ({ event, data }) => event === 'message' && data.text === 'from the new one');
  });

  it('R5.9 at SIGTERM everyone is sent away with a hint when to come back, all end, and the exit code is 0', async () => {
    const mina = await site.person('Mina');
    const sockets = await Promise.all(Array.from({ length: 8 }, () => mina.socket()));
    const workers = site.workers();
    // As a terminal or systemd does: to all of them.
    for (const pid of workers) process.kill(pid, 'SIGTERM');
    const ended = site.server.end('SIGTERM');
    for (const socket of sockets) {
      await socket.events.first('drain', ({ event }) => event === 'drain');
      assert.equal((await socket.closed).code, closeCodes.draining.code);
    }
    assert.equal(await within('the end', ended, 9_000), 0);
    for (const pid of workers) assert.throws(() => process.kill(pid, 0));
  });
});
