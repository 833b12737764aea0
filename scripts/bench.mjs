// npm run bench [-- hot-room idle]: measures the server on this machine.
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
// The chat page is measured in Chromium, by itself: nothing of it is shared with how servers are.
const [first, ...others] = process.argv.slice(2);
const program = first === 'page' ? ['page', 'run.ts'] : ['run.ts'];
process.exitCode = await run(node(), [join(root, 'bench', ...program), ...(first === 'page' ? others : process.argv.slice(2))]);
