// Builds the chat page and the transport lab, if their sources changed since they were built.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

const web = join(root, 'apps', 'web');
const dist = join(web, 'dist');
const stamp = join(dist, '.suda-build');

/** Every file below a folder, in a fixed order. */
function* files(folder, except = ['node_modules', 'dist']) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (except.includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path, except);
    else yield path;
  }
}

/** The fingerprint of everything that the page is made of. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of [web, join(root, 'packages', 'client', 'src'), join(root, 'packages', 'protocol', 'src')]) {
    for (const path of files(folder)) hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Text is served as it was compressed here, once. */
function compress() {
  for (const path of files(dist, [])) {
    if (!/\.(js|css|html|svg|json|webmanifest)$/.test(path) || statSync(path).size < 1024) continue;
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

export async function build() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Building the page …');
  for (const config of ['vite.config.ts', 'vite.lab.config.ts', 'vite.worker.config.ts']) {
    const args = ['build', '--config', config, '--logLevel', 'warn'];
    const code = await run(node(), [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), ...args], { cwd: web });
    if (code !== 0) {
      console.error('The page could not be built. See above.');
      process.exit(code);
    }
  }
  compress();
  writeFileSync(stamp, wanted);
}

if (process.argv[1]?.endsWith('build.mjs')) {
  install();
  await build();
}
