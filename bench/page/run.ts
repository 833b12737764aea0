// npm run bench -- page: the chat page in Chromium. Prints a table, keeps plot.svg beside this file. MESSAGES (50000) and SLOWDOWN (4) are read from the environment.
import { cpus, loadavg } from 'node:os';
import { pageBench } from './page.ts';
import { printPage } from './print.ts';

console.log(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, load before it began ${loadavg()[0]?.toFixed(1)}`);
const measured = await pageBench(Number(process.env.MESSAGES ?? 50_000), Number(process.env.SLOWDOWN ?? 4));
printPage(measured, (widths, first = '', ...cells) =>
  console.log(`${String(first).padEnd(widths[0] ?? 0)}${cells.map((cell, i) => String(cell).padStart(widths[i + 1] ?? 0)).join('')}`),
);
