import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Inbox } from '../wire/inbox.ts';

const script = fileURLToPath(new URL('../../scripts/example.mjs', import.meta.url));
const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const { PATH } = process.env;

describe('npm run example', () => {
  it('says which there are; a name that is not among them is an error', () => {
    const listed = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    assert.equal(listed.status, 0);
    for (const name of [
      'echo',
      'event-envelope',
      'gif-chat',
      'group-chat',
      'message-relay',
      'client-module',
      'first-message',
      'nest-chat',
    ]) {
      assert.match(listed.stdout, new RegExp(`^  ${name} +\\S.{20,}`, 'm'));
    }
    const unknown = spawnSync(process.execPath, [script, '../scripts'], { encoding: 'utf8' });
    assert.equal(unknown.status, 1);
    assert.match(unknown.stderr, /There is no example/);
  });

  for (const name of ['echo', 'event-envelope', 'gif-chat', 'group-chat', 'message-relay', 'nest-chat']) {
    it(`${name} starts with one command, and ends at Ctrl+C`, async (context) => {
      assert.ok(readdirSync(folder).includes(name));
      const data = mkdtempSync(join(tmpdir(), 'suda-example-'));
      context.after(() => rmSync(data, { recursive: true, force: true }));
      const env = { PATH, PORT: '0', SUDA_DATA: data };
      const child = spawn(process.execPath, [script, name], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const gone = once(child, 'exit');
      context.after(() => child.kill('SIGTERM')); // which it passes on
      const lines = new Inbox<string>();
      createInterface(child.stdout).on('line', (line) => lines.push(line));
      const line = await lines.first('address', (each) => each.includes('http://localhost:'));
      const answer = await fetch(/http:\S+/.exec(line)?.[0] ?? '');
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /^<!doctype html>\n<html lang="ko">/i);
      child.kill('SIGINT');
      await gone;
      await assert.rejects(fetch(answer.url));
    });
  }
});
