// npm run conformance -- PATH: the official suites of Engine.IO v4 and Socket.IO v5, unmodified, from a checkout of socketio/socket.io.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

const suites = ['docs/engine.io-protocol/v4-test-suite', 'docs/socket.io-protocol/v5-test-suite'];
const [checkout] = process.argv.slice(2);
if (checkout === undefined || !suites.every((suite) => existsSync(resolve(checkout, suite, 'test-suite.js')))) {
  console.error(`npm run conformance -- PATH, where PATH is a checkout of github.com/socketio/socket.io with ${suites.join(' and ')}`);
  process.exit(2);
}
install();
// The suites' own tools are old: they run on the machine's Node, the server on ours.
const own = join(root, 'node_modules', '.bin');
const env = {
  ...process.env,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => resolve(path) !== own)
    .join(delimiter),
};

const server = spawn(node(), [join(root, 'e2e', 'protocol-test.ts')], {
  env: { ...process.env, PORT: '3000' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const folder = mkdtempSync(join(tmpdir(), 'suda-conformance-'));
try {
  await new Promise((listening, failed) => {
    server.stdout.on('data', (chunk) => String(chunk).includes('listening') && listening());
    server.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
  });
  for (const suite of suites) {
    // A copy, so that nothing is installed into the checkout.
    const copy = join(folder, suite.replaceAll('/', '-'));
    cpSync(resolve(checkout, suite), copy, { recursive: true, filter: (path) => !path.includes('node_modules') });
    const npm = (...args) => run('npm', ['--silent', ...args], { cwd: copy, env, shell: process.platform === 'win32' });
    const code = (await npm('ci')) || (await npm('test'));
    console.log(`${code === 0 ? '✔' : '✖'} ${suite}`);
    if (code !== 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
