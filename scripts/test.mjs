// npm test: installs, builds the page, checks, and runs every test. With arguments: only those files.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { check } from './check.mjs';
import { install, node, root } from './install.mjs';
import { run } from './run.mjs';

install();
await build();
const chosen = process.argv.slice(2);
const unchecked = chosen.length > 0 ? 0 : await check();

const folder = mkdtempSync(join(tmpdir(), 'suda-test-'));
const counted = join(folder, 'tally.json');
const files =
  chosen.length > 0 ? chosen : ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts'];
/** Milliseconds after which the run is ended: a file that hangs must not hang everything. */
const LONGEST = 17 * 60_000;
await run(
  node(),
  [
    '--test',
    '--test-concurrency=2',
    '--test-timeout=300000',
    // A test that failed may leave a server behind; its file ends all the same, and says what failed.
    '--test-force-exit',
    `--import=${new URL('lifetime.mjs', import.meta.url)}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'scripts', 'tally.mjs')}`,
    `--test-reporter-destination=${counted}`,
    ...files,
  ],
  { timeout: LONGEST },
).then((code) => {
  if (code !== 0) process.exitCode = 1;
});
let tally = { passed: 0, failed: 1, skipped: 0, skips: [] };
try {
  tally = JSON.parse(readFileSync(counted, 'utf8'));
} catch {
  console.error('The test run ended without a result.');
}
rmSync(folder, { recursive: true, force: true });
// Speed is no test: it is measured by itself, when nothing else runs, and beside another server's. Only CI does so every time.
const guarded = process.env.CI && chosen.length === 0;
const slow = guarded ? await run(node(), [join(root, 'bench', 'run.ts'), '--guard'], { timeout: 3 * 60_000 }) : 0;
const failed = tally.failed + unchecked + (slow === 0 ? 0 : 1);
for (const skip of tally.skips) console.log(`skipped: ${skip}`);
if (process.env.CI && tally.skipped > 0) {
  console.error('Under CI nothing may be skipped.');
  process.exitCode = 1;
}
if (failed > 0 || tally.passed === 0) process.exitCode = 1;
console.log(`${tally.passed} passed, ${failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`);
