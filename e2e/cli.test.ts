import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closeCodes } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import { Socket } from './wire/socket.ts';

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line in a process of its own, in a folder of its own. */
class Run {
  readonly ended: Promise<Ended>;
  out = '';
  err = '';
  readonly #child;
  #look: () => void = () => {};

  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    const { PATH, TMPDIR = tmpdir() } = process.env;
    this.#child = spawn(process.execPath, [cli, ...args], { cwd, env: { PATH, TMPDIR, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text) => {
      this.out += text;
      this.#look();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => this.#child.on('close', (code) => resolve({ code, out: this.out, err: this.err })));
  }

  /** The port, when it listens. */
  async listening(): Promise<number> {
    const heard = new Promise<number>((resolve) => {
      this.#look = () => {
        const port = /listening: http:\/\/localhost:(\d+)/.exec(this.out)?.[1];
        if (port !== undefined) resolve(Number(port));
      };
      this.#look();
    });
    const gone = this.ended.then(({ code, err }) => assert.fail(`ended with ${code} before it listened: ${err}`));
    return within('listening', Promise.race([heard, gone]));
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#child.kill(signal);
  }
}

describe('the command line', () => {
  const root = mkdtempSync(join(tmpdir(), 'suda-cli-'));
  const runs: Run[] = [];
  let folders = 0;
  after(() => {
    for (const run of runs) run.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (): string => {
    const path = join(root, `run${folders++}`);
    mkdirSync(path);
    return path;
  };
  const run = (args: readonly string[], cwd = folder(), env = {}): Run => {
    const made = new Run(args, cwd, env);
    runs.push(made);
    return made;
  };
  const end = (args: readonly string[], cwd?: string, env = {}): Promise<Ended> =>
    within(args.join(' '), run(args, cwd, env).ended, 20_000);
  const start = (cwd: string, ...more: readonly string[]): Run =>
    run(['start', '--port', '0', '--host', '127.0.0.1', '--data', join(cwd, 'data'), '--log-level', 'warn', ...more], cwd);

  const call = async (port: number, method: string, path: string, body?: unknown, token?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
    return (await response.json()) as any;
  };
  /** Someone in the lobby. @returns their token */
  const enter = async (port: number): Promise<string> => {
    const { token } = await call(port, 'POST', '/v1/session', { name: 'Mina' });
    await call(port, 'POST', '/v1/rooms/lobby/join', {}, token);
    return token;
  };

  it('explains itself', async () => {
    for (const args of [['--help'], ['-h'], ['help'], ['start', '--help']]) {
      const { code, out, err } = await end(args);
      assert.deepEqual([code, err], [0, ''], args.join(' '));
      for (const word of ['suda start', 'suda backup', 'suda check', '--port', 'SUDA_DATA', 'COOKIE_SECRET'])
        assert.ok(out.includes(word), word);
    }
    assert.match((await end(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
  });

  const mistakes: readonly (readonly [args: string[], says: RegExp])[] = [
    [['--port', 'eighty'], /^--port is "eighty": /],
    [['--log-level', 'loud', '--trust-proxy', 'x'], /^--trust-proxy is "x": .*\n--log-level is "loud"/],
    [['--nope'], /Unknown option '--nope'/],
    [['dance'], /^There is no subcommand "dance"\./],
    [['start', 'now'], /^"now" is not understood\./],
    [['backup'], /^Name the file to copy to/],
    [['backup', 'a', 'b'], /^Name the file to copy to/],
    [['check', 'a'], /^"a" is not understood/],
    [['--port', '0', '--host', '192.0.2.1'], /^There is no address 192\.0\.2\.1 on this machine\. Choose another with --host/],
  ];
  for (const [args, says] of mistakes)
    it(`P8 suda ${args.join(' ')}: a sentence and exit code 1`, async () => {
      const { code, err } = await end(args);
      assert.equal(code, 1);
      assert.match(err, says);
      assert.doesNotMatch(err, /^\s+at /m);
    });

  it('P8 a data folder that cannot be used is a sentence too', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'file'), 'not a folder');
    for (const data of ['file', 'file/below']) {
      const { code, err } = await end(['start', '--port', '0', '--data', data], cwd);
      assert.equal(code, 1);
      assert.doesNotMatch(err, /^\s+at /m);
      assert.ok(err.includes('file'), err);
    }
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other', 'suda.db'), 'this is no database at all, but it is long enough to look at'.repeat(100));
    const { code, err } = await end(['start', '--port', '0', '--data', 'other'], cwd);
    assert.equal(code, 1);
    assert.doesNotMatch(err, /^\s+at /m);
  });

  it('P8 a port that is in use is a sentence', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, err } = await end(['--port', String(port), '--host', '127.0.0.1']);
    taken.close();
    assert.deepEqual([code, err], [1, `Port ${port} is in use. Choose another with --port or PORT.\n`]);
  });

  it('settings come from .env, the environment and flags, in this order', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, '.env'), 'PORT=0\nHOST=127.0.0.1\nSUDA_DATA=from-env-file\nLOG_LEVEL=silent\n');
    const first = run([], cwd);
    await first.listening();
    assert.ok(existsSync(join(cwd, 'from-env-file', 'suda.db')));
    first.kill();
    assert.equal((await first.ended).code, 0);
    const second = run(['--data', 'from-flag'], cwd, { SUDA_DATA: 'from-environment' });
    await second.listening();
    assert.ok(existsSync(join(cwd, 'from-flag')) && !existsSync(join(cwd, 'from-environment')));
    second.kill();
    await second.ended;
  });

  it('a second server on the same folder is refused with a sentence, and harms nothing', async () => {
    const cwd = folder();
    const first = start(cwd);
    const port = await first.listening();
    const { code, err } = await within('the second', start(cwd).ended, 20_000);
    assert.equal(code, 1);
    assert.match(err, /^The data folder .* is in use by another Suda \(pid \d+\)\. Stop it first, or choose another with --data\.\n$/);
    assert.deepEqual(await call(port, 'GET', '/healthz'), { ok: true });
    first.kill();
    await first.ended;
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`R5.9 P1 at ${signal} it says drain, finishes and exits with 0; everything is there afterwards`, async () => {
      const cwd = folder();
      const first = start(cwd);
      const port = await first.listening();
      const token = await enter(port);
      const socket = await Socket.connect(port, { headers: { authorization: `Bearer ${token}` } });
      const sent = await socket.ask('message.send', { room: 'lobby', clientId: 'c1', text: '남아 있을 말' });
      first.kill(signal);
      await socket.events.first('drain', ({ event }) => event === 'drain');
      assert.equal((await within('closing', socket.closed)).code, closeCodes.draining.code);
      const { code, err } = await within('the end', first.ended);
      assert.deepEqual([code, err], [0, '']);

      const second = start(cwd);
      const again = await second.listening();
      // The token is still good: the secret was kept with the data, for its owner's eyes alone.
      const { messages } = await call(again, 'GET', '/v1/rooms/lobby/messages', undefined, token);
      assert.deepEqual([messages.at(-1).text, messages.at(-1).pos], ['남아 있을 말', sent.pos]);
      const retry = await call(again, 'POST', '/v1/rooms/lobby/messages', { clientId: 'c1', text: 'again' }, token);
      assert.deepEqual(retry, sent);
      assert.equal(statSync(join(cwd, 'data', 'suda.db')).mode & 0o077, 0);
      second.kill();
      await second.ended;
    });

  it('backup copies while the server runs, and the copy is a whole one; check says so', async () => {
    const cwd = folder();
    const server = start(cwd);
    const port = await server.listening();
    const token = await enter(port);
    for (let i = 0; i < 20; i++) await call(port, 'POST', '/v1/rooms/lobby/messages', { clientId: `c${i}`, text: `말 ${i}` }, token);
    const copy = join(cwd, 'copy.db');
    const backup = await end(['backup', copy, '--data', join(cwd, 'data')], cwd);
    assert.deepEqual([backup.code, backup.err], [0, '']);
    assert.match(backup.out, /copy\.db: .* MB\. To restore/);
    const check = await end(['check', '--data', join(cwd, 'data')], cwd);
    assert.deepEqual([check.code, check.err], [0, '']);
    assert.match(check.out, /21 messages \(20 in the search index\).*\n✔ All is well/);
    const before = await call(port, 'GET', '/v1/rooms/lobby', undefined, token);
    server.kill();
    await server.ended;

    const restored = join(cwd, 'restored');
    mkdirSync(restored);
    copyFileSync(copy, join(restored, 'suda.db'));
    const second = run(['start', '--port', '0', '--host', '127.0.0.1', '--data', restored, '--log-level', 'warn'], cwd);
    const again = await second.listening();
    const after = await call(again, 'GET', '/v1/rooms/lobby', undefined, token);
    assert.deepEqual([after.pos, after.head, after.last.text], [before.pos, before.head, '말 19']);
    // Whoever was ahead of the copy must notice: P4.
    assert.notEqual(after.epoch, before.epoch);
    second.kill();
    assert.equal((await second.ended).code, 0);
    assert.equal((await end(['check', '--data', restored], cwd)).code, 0);
  });

  it('P8 backup and check of nothing, and backup onto something, are sentences', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'there'), 'precious');
    const server = start(cwd);
    await server.listening();
    for (const args of [
      ['check', '--data', 'nowhere'],
      ['backup', 'copy.db', '--data', 'nowhere'],
      ['backup', 'there', '--data', 'data'],
      ['backup', 'no/such/folder/copy.db', '--data', 'data'],
    ]) {
      const { code, err } = await end(args, cwd);
      assert.equal(code, 1, args.join(' '));
      assert.match(err, /^[A-Z/a-z].*[.\n]/);
      assert.doesNotMatch(err, /^\s+at /m, args.join(' '));
    }
    assert.equal(readFileSync(join(cwd, 'there'), 'utf8'), 'precious');
    assert.ok(!existsSync(join(cwd, 'nowhere')));
    server.kill();
    await server.ended;
  });
});
