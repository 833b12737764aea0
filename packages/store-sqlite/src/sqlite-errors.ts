import type { ErrorCode } from '@suda/protocol';

/** SQLite's primary result codes (sqlite.org/rescode.html) that say that the disk or the file won't do, whatever the command was. */
const codes = {
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  interrupted: 9,
  io: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

const ofDisk: ReadonlySet<number> = new Set(Object.values(codes));
/** SQLITE_IOERR_SHMSIZE: the shared-memory file could not grow, which is how a full disk shows itself there. */
const shmSize = 4874;

/** The extended result code of an error of SQLite; undefined when it is another error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/**
 * What a failed transaction means for those who asked for it.
 * @returns undefined when the disk isn't to blame, but the command or this program
 */
export function diskFailure(error: unknown): ErrorCode | undefined {
  const code = resultCode(error);
  if (code === undefined || !ofDisk.has(code & 0xff)) return undefined;
  return (code & 0xff) === codes.full || code === shmSize ? 'storage_full' : 'unavailable';
}

export const isBusy = (error: unknown): boolean => ((resultCode(error) ?? 0) & 0xff) === codes.busy;
export const isNotADatabase = (error: unknown): boolean => ((resultCode(error) ?? 0) & 0xff) === codes.notADatabase;
