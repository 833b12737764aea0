import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startProcess } from './server-process.ts';

const cli = fileURLToPath(new URL('../../packages/server/src/cli.ts', import.meta.url));

/** Starts the product itself, fsync and all, on a fresh folder. @param flags of Node */
export async function startSuda(flags: readonly string[] = []): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'suda-bench-'));
  const settings = ['--port', '0', '--host', '127.0.0.1', '--data', folder, '--rate', '0', '--log-level', 'warn'];
  const server = await startProcess([...flags, cli, 'start', ...settings]);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One user, and the way to ask for things as them. */
export async function guest(port: number, name: string): Promise<{ token: string; post(path: string, body: unknown): Promise<unknown> }> {
  const base = `http://127.0.0.1:${port}`;
  const session = (await (
    await fetch(`${base}/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) })
  ).json()) as {
    token: string;
  };
  return {
    token: session.token,
    post: async (path, body) =>
      (
        await fetch(base + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${session.token}` },
          body: JSON.stringify(body),
        })
      ).json(),
  };
}
