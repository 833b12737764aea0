import type { DatabaseSync } from 'node:sqlite';
import type { FileRecord } from '@suda/chat';
import type { Attachment, FileId, UserId } from '@suda/protocol';
import { type FileRow, fileColumns, fileOf } from './rows.ts';
import { command, query } from './sqlite.ts';

/** Files and the messages that carry them, as the writer sees them. Nothing is cached: they are few. */
export class FileTables {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: DatabaseSync) {
    this.#sql = statements(db);
  }

  file(id: FileId): FileRecord | null {
    const row = this.#sql.file.get(id);
    return row ? fileOf(row) : null;
  }

  bytesOf(owner: UserId): number {
    return this.#sql.bytesOf.get(owner)?.[0] ?? 0;
  }

  uses(file: FileId): number {
    return this.#sql.uses.get(file)?.[0] ?? 0;
  }

  put({ id, owner, hash, createdAt, attachment }: FileRecord): void {
    this.#sql.put.run(id, owner, hash, attachment.size, createdAt, JSON.stringify(attachment));
  }

  drop(id: FileId): void {
    this.#sql.drop.run(id);
  }

  attach(room: number, pos: number, attachments: readonly Attachment[]): void {
    for (const { id } of attachments) this.#sql.attach.run(id, room, pos);
  }

  detach(room: number, pos: number): void {
    this.#sql.detach.run(room, pos);
  }

  detachRoom(room: number): void {
    this.#sql.detachRoom.run(room);
  }
}

function statements(db: DatabaseSync) {
  return {
    file: query<FileRow>(db, `SELECT ${fileColumns} FROM files WHERE id = ?`),
    bytesOf: query<[bytes: number]>(db, 'SELECT coalesce(sum(size), 0) FROM files WHERE owner = ?'),
    uses: query<[count: number]>(db, 'SELECT count(*) FROM attachments WHERE file = ?'),
    put: command(db, 'INSERT INTO files (id, owner, hash, size, created_at, attachment) VALUES (?, ?, ?, ?, ?, ?)'),
    drop: command(db, 'DELETE FROM files WHERE id = ?'),
    attach: command(db, 'INSERT INTO attachments (file, room, pos) VALUES (?, ?, ?)'),
    detach: command(db, 'DELETE FROM attachments WHERE room = ? AND pos = ?'),
    detachRoom: command(db, 'DELETE FROM attachments WHERE room = ?'),
  };
}
