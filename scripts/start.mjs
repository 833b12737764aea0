// npm start: installs, builds what needs building, serves.
import { join } from 'node:path';
import { build } from './build.mjs';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
await build();
process.exitCode = await run(node(), [join(root, 'packages', 'server', 'src', 'cli.ts'), 'start', ...process.argv.slice(2)]);
