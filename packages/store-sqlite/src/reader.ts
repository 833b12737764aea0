import { workerData } from 'node:worker_threads';
import type { MessageRecord, SearchRequest } from '@suda/chat';
import type { Failure } from './messages.ts';
import { Reads } from './reads.ts';
import { Search } from './search.ts';
import { serve } from './serve.ts';
import { connect } from './sqlite.ts';
import { diskFailure } from './sqlite-errors.ts';

/** The worker that reads, so that a long search or a page of history delays neither a commit nor a socket. */
export interface ReaderData {
  readonly file: string;
  readonly cacheMiB?: number;
}

/** The reads, by name. */
export type Reading = Omit<Reads, 'keptRoom'> & { search(request: SearchRequest): MessageRecord[] };

/** The name of a read and its arguments. */
export type ReadRequest = { [K in keyof Reading]: readonly [K, ...Parameters<Reading[K]>] }[keyof Reading];

const data = workerData as ReaderData;
// Not opened read-only: the first connection after a crash must be able to recover the log. It never writes.
const db = connect(data.file, data);
db.exec('PRAGMA query_only = ON');
const reads = new Reads(db);
const search = new Search(db);

function answer(request: ReadRequest): unknown {
  switch (request[0]) {
    case 'user':
      return reads.user(request[1]);
    case 'room':
      return reads.room(request[1]);
    case 'member':
      return reads.member(request[1], request[2]);
    case 'members':
      return reads.members(request[1]);
    case 'roomsOf':
      return reads.roomsOf(request[1]);
    case 'roomView':
      return reads.roomView(request[1], request[2], request[3]);
    case 'roomViews':
      return reads.roomViews(request[1], request[2], request[3]);
    case 'ephemeralMembers':
      return reads.ephemeralMembers();
    case 'changes':
      return reads.changes(request[1], request[2], request[3]);
    case 'page':
      return reads.page(request[1], request[2]);
    case 'place':
      return reads.place();
    case 'invitation':
      return reads.invitation(request[1]);
    case 'invitations':
      return reads.invitations(request[1]);
    case 'mentions':
      return reads.mentions(request[1], request[2], request[3]);
    case 'readableFile':
      return reads.readableFile(request[1], request[2]);
    case 'strayFiles':
      return reads.strayFiles(request[1], request[2]);
    case 'gifs':
      return reads.gifs(request[1]);
    case 'gifOf':
      return reads.gifOf(request[1]);
    case 'hasContent':
      return reads.hasContent(request[1]);
    case 'search':
      return search.search(request[1], (id) => reads.keptRoom(id));
  }
}

/** Everything that one read looks at is of one moment. */
function read(request: ReadRequest): unknown {
  try {
    db.exec('BEGIN');
    const result = answer(request);
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    const failure: Failure = {
      failed: diskFailure(error) ?? 'internal',
      cause: error instanceof Error ? String(error.stack) : String(error),
    };
    return failure;
  }
}

serve(
  1,
  (requests) => requests.map((request) => read(request as ReadRequest)),
  () => db.close(),
);
