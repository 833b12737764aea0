import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';
import { gif, png } from './wire/pictures.ts';
import { download, upload } from './wire/upload.ts';

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));
const suda = (...args: string[]): string => execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8' });

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe('files on the disk', { concurrency: 1, timeout: 120_000 }, () => {
  it('P1 R14.2 kill -9 in mid-upload: what was acknowledged is there, what was not leaves nothing', async () => {
    const server = await ServerProcess.start();
    try {
      const { token } = await server.guest('Mina');
      const pictures = await Promise.all([png(20, 20), png(30, 30), gif(3)]);
      const acknowledged = await Promise.all(pictures.map((bytes) => upload(server.url, token, bytes)));
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(
        `POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 9000000\r\n\r\n${'x'.repeat(500_000)}`,
      );
      const incoming = join(server.folder, 'files', 'incoming');
      while (filesIn(incoming).length === 0) await new Promise(setImmediate);
      await server.end('SIGKILL');
      assert.equal(filesIn(incoming).length, 1);
      await server.start();
      assert.deepEqual(filesIn(incoming), []);
      for (const { file } of acknowledged) {
        const { status, bytes } = await download(server.url, token, file.id);
        assert.deepEqual([status, bytes.length], [200, file.size]);
      }
      assert.match(suda('check', '--data', server.folder), /3 files;/);
    } finally {
      await server.remove();
    }
  });

  it('R14.10 a backup has the files, a check knows of each that is missing or damaged', async () => {
    const server = await ServerProcess.start();
    const copy = join(server.folder, 'copy.db');
    const restored = join(server.folder, 'restored');
    try {
      const { token } = await server.guest('Mina');
      const { file } = await upload(server.url, token, await png(33, 22), '고양이.png');
      await upload(server.url, token, 'just bytes');
      await server.call('POST', '/v1/rooms/lobby/join', {}, token);
      await server.call('POST', '/v1/rooms/lobby/messages', { clientId: 'c', text: '', attachments: [file.id] }, token);
      assert.match(suda('backup', copy, '--data', server.folder), /copy\.db\.files as files beside it/);
      assert.equal(filesIn(`${copy}.files`).length, 3);
      assert.match(
        spawnSync(process.execPath, [cli, 'backup', `${copy}2`, '--data', 'nowhere'], { encoding: 'utf8' }).stderr,
        /There is no database/,
      );
      mkdirSync(restored);
      cpSync(copy, join(restored, 'suda.db'));
      cpSync(`${copy}.files`, join(restored, 'files'), { recursive: true });
      await server.end('SIGTERM');
      const check = () => spawnSync(process.execPath, [cli, 'check', '--data', restored], { encoding: 'utf8' });
      assert.equal(check().status, 0, check().stdout);
      const [first = '', second = '', third = ''] = filesIn(join(restored, 'files')).sort();
      writeFileSync(first, `${readFileSync(first, 'utf8')} `);
      assert.match(check().stdout, /✖ The file .{2}\/.{64} is not what its name says/);
      for (const path of [first, second, third]) rmSync(path);
      const { status, stdout } = check();
      assert.equal(status, 1);
      assert.equal(stdout.match(/is missing/g)?.length, 3);
    } finally {
      await server.remove();
    }
  });
});
