// npm run dev: the server restarts and the page reloads when their sources change. The page is at http://localhost:5173.
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
const at = process.argv.indexOf('--port');
const port = (at < 0 ? process.env.PORT : process.argv[at + 1]) ?? '8005';
const server = run(node(), [
  '--watch',
  '--watch-preserve-output',
  join(root, 'packages', 'server', 'src', 'cli.ts'),
  'start',
  ...process.argv.slice(2),
]);
const page = run(node(), [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), '--clearScreen', 'false'], {
  cwd: join(root, 'apps', 'web'),
  env: { ...process.env, SUDA_URL: `http://localhost:${port}` },
});
process.exitCode = await Promise.race([server, page]);
