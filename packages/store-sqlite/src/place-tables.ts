import type { DatabaseSync } from 'node:sqlite';
import type { InvitationRecord, PlaceRecord } from '@suda/chat';
import type { InvitationCode } from '@suda/protocol';
import { type InvitationRow, invitationColumns, invitationOf, type PlaceRow, placeOf } from './rows.ts';
import { command, query } from './sqlite.ts';

/** The place and the invitations, as the writer sees them. Nothing is cached: they are few. */
export class PlaceTables {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: DatabaseSync) {
    this.#sql = statements(db);
  }

  place(): PlaceRecord {
    return placeOf(this.#sql.place.get());
  }

  putPlace({ name, keeper }: PlaceRecord): void {
    this.#sql.putPlace.run(name, keeper);
  }

  invitation(code: InvitationCode): InvitationRecord | null {
    const row = this.#sql.invitation.get(code);
    return row ? invitationOf(row) : null;
  }

  /** @param room its key */
  invitations(room: number): InvitationRecord[] {
    return this.#sql.invitations.all(room).map(invitationOf);
  }

  putInvitation(room: number, { code, by, createdAt, expiresAt, uses, used }: InvitationRecord): void {
    this.#sql.putInvitation.run(code, room, by, createdAt, expiresAt, uses, used);
  }

  dropInvitation(code: InvitationCode): void {
    this.#sql.dropInvitation.run(code);
  }

  dropInvitationsOf(room: number): void {
    this.#sql.dropInvitationsOf.run(room);
  }
}

/** What is asked of the place and the invitations, by writer and reader alike. */
export function placeQueries(db: DatabaseSync) {
  const invitation = `SELECT ${invitationColumns} FROM invitations CROSS JOIN rooms ON key = room`;
  return {
    place: query<PlaceRow>(db, 'SELECT name, keeper FROM place'),
    invitation: query<InvitationRow>(db, `${invitation} WHERE code = ?`),
    invitations: query<InvitationRow>(db, `${invitation} WHERE room = ? ORDER BY invitations.created_at, code`),
  };
}

function statements(db: DatabaseSync) {
  return {
    ...placeQueries(db),
    putPlace: command(db, 'INSERT OR REPLACE INTO place (one, name, keeper) VALUES (1, ?, ?)'),
    putInvitation: command(
      db,
      'INSERT OR REPLACE INTO invitations (code, room, maker, created_at, expires_at, uses, used) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    dropInvitation: command(db, 'DELETE FROM invitations WHERE code = ?'),
    dropInvitationsOf: command(db, 'DELETE FROM invitations WHERE room = ?'),
  };
}
