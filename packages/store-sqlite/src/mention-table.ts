import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { UserId } from '@suda/protocol';
import { command } from './sqlite.ts';

/** Whom messages concern, as the writer keeps it. */
export class MentionTable {
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeRoom: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = command(db, 'INSERT INTO mentions (room, user, pos, at) VALUES (?, ?, ?, ?)');
    this.#remove = command(db, 'DELETE FROM mentions WHERE room = ? AND user = ? AND pos = ?');
    this.#removeRoom = command(db, 'DELETE FROM mentions WHERE room = ?');
  }

  /** The message concerns these now. @param before whom it did until now */
  put(room: number, pos: number, at: number, users: readonly UserId[], before: readonly UserId[] = []): void {
    for (const user of before) if (!users.includes(user)) this.#remove.run(room, user, pos);
    for (const user of users) if (!before.includes(user)) this.#insert.run(room, user, pos, at);
  }

  dropRoom(room: number): void {
    this.#removeRoom.run(room);
  }
}
