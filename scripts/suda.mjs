// npm run suda -- ARGUMENTS: the command line, from a clone.
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
process.exitCode = await run(node(), [join(root, 'packages', 'server', 'src', 'cli.ts'), ...process.argv.slice(2)]);
