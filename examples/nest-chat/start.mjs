// npm start: compiles the decorators away, in half a second, and runs the application. Types are looked at by `npx tsc --noEmit`.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

process.chdir(import.meta.dirname);
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const { status } = spawnSync(process.execPath, [join(typescript, 'bin/tsc'), '--noCheck', '--noResolve'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await import('./dist/main.js');
