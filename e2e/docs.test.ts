import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { within } from './wire/inbox.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Program {
  readonly name: string;
  readonly code: string;
  /** What the page says that it prints. */
  readonly prints: readonly string[];
}

/** The programs of a page: code blocks whose first line names a file, and the text block that follows one says what it prints. */
function programsOf(page: string): Program[] {
  const markdown = readFileSync(join(root, 'docs', page), 'utf8');
  const programs: Program[] = [];
  for (const [, language, block = ''] of markdown.matchAll(/```(\w*)\n([\s\S]*?)```/g)) {
    const name = /^\/\/ (\S+\.m?[jt]s)$/m.exec(block.split('\n', 1)[0] ?? '')?.[1];
    const last = programs.at(-1);
    if (name !== undefined) programs.push({ name, code: block, prints: [] });
    else if (language === 'text' && last) programs[programs.length - 1] = { ...last, prints: block.trimEnd().split('\n') };
  }
  return programs;
}

/** A folder inside the repository, so that packages are found from it. */
function folderFor(context: TestContext, programs: readonly Program[]): string {
  mkdirSync(join(root, 'e2e', 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'e2e', 'out', 'docs-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const { name, code } of programs) writeFileSync(join(folder, name), code);
  return folder;
}

function start(folder: string, name: string, port: number): ChildProcess & { text: string } {
  const child = spawn(process.execPath, [name], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const running = Object.assign(child, { text: '' });
  child.stdout.on('data', (chunk) => {
    running.text += String(chunk);
  });
  return running;
}

async function listening(context: TestContext, folder: string, name: string): Promise<number> {
  const server = start(folder, name, 0);
  const ended = once(server, 'exit');
  context.after(async () => {
    server.kill();
    await ended;
  });
  const port = new Promise<number>((resolve) => {
    server.stdout?.on('data', () => {
      const found = /listening on (\d+)/.exec(server.text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return within(`${name} to listen`, Promise.race([port, ended.then(() => assert.fail(`${name} ended: ${server.text}`))]));
}

describe('the programs of the docs', () => {
  for (const page of ['from-socket-io.md', 'from-ws.md']) {
    it(`${page}: every program does what the page says`, async (context) => {
      const programs = programsOf(page);
      const folder = folderFor(context, programs);
      const servers = programs.filter(({ name }) => name.includes('server'));
      assert.ok(servers.length > 0 && programs.length > servers.length);
      let port = 0;
      for (const { name, prints } of programs) {
        if (name.includes('server')) {
          port = await listening(context, folder, name);
          continue;
        }
        const client = start(folder, name, port);
        await within(`the end of ${name}`, once(client, 'exit'));
        assert.deepEqual(client.text.trimEnd().split('\n'), prints, name);
      }
    });
  }
});
