// npm run pictures: the screens of README and docs, taken from the running product. Names of screens take only these again.
import { join } from 'node:path';
import { build } from './build.mjs';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
await build();
process.exitCode = await run(node(), [join(root, 'e2e', 'pictures', 'take.ts'), ...process.argv.slice(2)]);
