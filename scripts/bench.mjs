// npm run bench [-- hot-room idle]: measures the server on this machine.
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
process.exitCode = await run(node(), [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)]);
