// npm run check: types, lint and layers, the page's types. One line each.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);
const web = join(root, 'apps', 'web');
/** npm puts it beside the page, or beside everything. Looked for when it is needed: before the installation there is none. */
const svelteCheck = () =>
  [web, root].map((folder) => join(folder, 'node_modules', 'svelte-check', 'bin', 'svelte-check')).find(existsSync) ?? 'svelte-check';

const checks = () => [
  ['types', [bin('typescript', 'bin', 'tsc'), '-p', root]],
  // Decorators as Nest has them are nothing that Node runs: this one is compiled, and has settings of its own.
  ['types of the Nest example', [bin('typescript', 'bin', 'tsc'), '-p', join(root, 'examples', 'nest-chat'), '--noEmit']],
  // A service worker has no document: other types than the page's.
  ['types of the service worker', [bin('typescript', 'bin', 'tsc'), '-p', join(web, 'src', 'worker')]],
  ['lint, format, layers', [bin('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--error-on-warnings', root]],
  ['types of the page', [svelteCheck(), '--workspace', web, '--output', 'human', '--fail-on-warnings']],
];

/** @returns {Promise<number>} how many checks failed */
export async function check() {
  let failed = 0;
  for (const [name, args] of checks()) {
    const code = await run(node(), args);
    console.log(`${code === 0 ? '✔' : '✖'} ${name}`);
    if (code !== 0) failed++;
  }
  return failed;
}

if (process.argv[1]?.endsWith('check.mjs')) {
  install();
  process.exitCode = (await check()) === 0 ? 0 : 1;
}
