import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = readme.split('```ts\n')[1]?.split('```')[0] ?? '';

it('the README’s ten lines are a server', { timeout: 20_000 }, async (context) => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', example], {
    // Where `@suda/realtime` is found as a user of it would find it.
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill());
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('port')) break;
  }
  const port = /port: (\d+)/.exec(printed)?.[1];
  assert.ok(port, printed);

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, 'suda.v1');
    await once(socket, 'open');
    context.after(() => socket.terminate());
    return socket;
  };
  const [mina, jihoon] = [await connect(), await connect()];
  const heard: unknown[] = [];
  mina.on('message', (data) => heard.push(JSON.parse(String(data))));
  const reply = once(mina, 'message');
  mina.send('{"event": "echo", "data": {"n": 1}, "id": 7}');
  await reply;
  const shout = once(jihoon, 'message');
  mina.send('{"event": "shout", "data": {"text": "hi"}}');
  assert.deepEqual(JSON.parse(String((await shout)[0])), { event: 'shout', data: { text: 'hi' } });
  const again = once(mina, 'message');
  mina.send('{"event": "echo", "data": "done", "id": 8}');
  await again;
  assert.deepEqual(heard, [
    { reply: 7, data: { n: 1 } },
    { reply: 8, data: 'done' },
  ]);
});
