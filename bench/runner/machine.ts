import { cpus, totalmem } from 'node:os';
import { canPin } from '../load/processes.ts';

/** What it was measured on. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly pinned: boolean;
}

export const machine = (): Machine => ({
  cores: cpus().length,
  model: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  pinned: canPin,
});

export const machineSentence = ({ cores, model, memoryGiB, node, pinned }: Machine): string =>
  `${cores} cores (${model}), ${memoryGiB} GiB, Node ${node}, ${pinned ? 'each server pinned to core 0, the load to the others' : 'nothing pinned'}`;
