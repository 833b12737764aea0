// npm run example -- NAME: installs, and runs one of the examples. Without a name: says which there are.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

const folder = join(root, 'examples');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'README.md')))
  .map(({ name }) => name);

/** The first sentence below its title. */
function summaryOf(name) {
  const [, text = ''] = readFileSync(join(folder, name, 'README.md'), 'utf8').split(/\n\n/, 2);
  return text
    .replaceAll('\n', ' ')
    .replaceAll(/[*`]/g, '')
    .split(/[.:]( |$)/, 1)[0];
}

/** What `npm start` of an example says, without its first word, which is `node`. */
function argumentsOf(name) {
  const path = join(folder, name, 'package.json');
  if (!existsSync(path)) return [`${name}.ts`];
  return JSON.parse(readFileSync(path, 'utf8')).scripts.start.split(' ').slice(1);
}

const [name, ...rest] = process.argv.slice(2);
if (names.includes(name)) {
  install();
  process.exitCode = await run(node(), [...argumentsOf(name), ...rest], { cwd: join(folder, name) });
} else {
  if (name !== undefined) console.error(`There is no example "${name}".\n`);
  const width = Math.max(...names.map(({ length }) => length));
  console.log('npm run example -- NAME\n');
  for (const each of names) console.log(`  ${each.padEnd(width)}  ${summaryOf(each)}`);
  process.exitCode = name === undefined ? 0 : 1;
}
