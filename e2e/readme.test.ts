import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the README's console blocks show: each command, and the lines that came of it. */
function transcript(markdown: string): { command: string; lines: string[] }[] {
  const shown: { command: string; lines: string[] }[] = [];
  for (const [, block = ''] of markdown.matchAll(/```console\n([\s\S]*?)```/g)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) shown.push({ command: line.slice(2), lines: [] });
      else shown.at(-1)?.lines.push(line);
    }
  }
  return shown;
}

/** `…` stands for anything. */
const pattern = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}`,
    'm',
  );

function run(command: string, folder: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], {
      cwd: folder,
      env: { ...process.env, SUDA_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    child.once('error', reject);
    child.once('close', () => resolve(text));
  });
}

test('the README’s terminal lines give what the README shows', async () => {
  const server = await ServerProcess.start();
  const folder = mkdtempSync(join(tmpdir(), 'suda-readme-'));
  try {
    const shown = transcript(readFileSync(join(root, 'README.md'), 'utf8'));
    assert.ok(shown.length >= 6);
    for (const { command, lines } of shown) {
      const here = command
        .replaceAll('localhost:8005', `127.0.0.1:${server.port}`)
        .replace('node_modules/.bin/node', `"${process.execPath}"`)
        .replace(' examples/', ` ${join(root, 'examples')}/`);
      const text = await run(here, folder, server.url);
      for (const line of lines) assert.match(text, pattern(line), `$ ${command}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.remove();
  }
});

test('every file that the documents link to is there', () => {
  const pages = globSync(['*.md', 'docs/*.md', 'bench/*.md', 'packages/*/README.md', 'examples/**/README.md'], {
    cwd: root,
    exclude: (name) => name.endsWith('node_modules'),
  });
  assert.ok(pages.length > 18, pages.join());
  for (const name of pages) {
    const path = join(root, name);
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      assert.doesNotThrow(() => statSync(join(dirname(path), target)), `${name} links to ${target}`);
    }
  }
});
