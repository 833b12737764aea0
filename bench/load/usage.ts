import { readFileSync } from 'node:fs';
import type { ServerProcess } from './processes.ts';

/** What was used of the machine while something was measured. */
export interface Usage {
  readonly seconds: number;
  /** Seconds of CPU of the server, all its threads. */
  readonly server: number;
  /** Share of one core that the load generator used. Above 0.9 it measured itself. */
  readonly load: number;
  /** Cores that everything else on this machine used meanwhile; 0 where that can't be known. A round with much of it says little. */
  readonly others: number;
}

/** Begins to measure. The function that comes back says what was used since. @param clients seconds of CPU of the load's other processes so far */
export function usage(server: ServerProcess, clients: () => number = () => 0): () => Usage {
  const begin = { at: performance.now(), cpu: server.cpu(), own: process.cpuUsage(), machine: machineCpu(), clients: clients() };
  return () => {
    const seconds = (performance.now() - begin.at) / 1000;
    const { user, system } = process.cpuUsage(begin.own);
    const own = (user + system) / 1e6 + clients() - begin.clients;
    const used = server.cpu() - begin.cpu;
    return { seconds, server: used, load: own / seconds, others: Math.max(0, machineCpu() - begin.machine - used - own) / seconds };
  };
}

/** CPU time that this machine used so far, in seconds, whoever used it; 0 where there is no /proc. */
function machineCpu(): number {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync('/proc/stat', 'utf8')
      .split(/\s+/, 9)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq) / 100;
  } catch {
    return 0;
  }
}
