import { writeSync } from 'node:fs';
import { openSqliteStore } from './index.ts';

// Holds a data folder until it is killed.
await openSqliteStore({ folder: process.argv[2] ?? '' });
writeSync(1, 'ready\n');
