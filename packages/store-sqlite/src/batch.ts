import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Change, decide, type Outcome, plan, type RoomCommand } from '@suda/chat';
import { Applier, factsOf } from './apply.ts';
import { newEpoch } from './epoch.ts';
import type { Failure } from './messages.ts';
import { command } from './sqlite.ts';
import { diskFailure } from './sqlite-errors.ts';
import { WriterTables } from './writer-tables.ts';

/** A command and the time at which it is carried out. */
export type Job = readonly [command: RoomCommand, now: number];

const internal = (error: unknown): Failure => ({ failed: 'internal', cause: error instanceof Error ? String(error.stack) : String(error) });

/** Executes commands on one connection, many in one transaction. */
export class BatchExecutor {
  readonly #db: DatabaseSync;
  readonly #tables: WriterTables;
  readonly #applier: Applier;
  /** Prepared: a commit of one message is short enough for their parsing to count. */
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#begin = command(db, 'BEGIN IMMEDIATE');
    this.#commit = command(db, 'COMMIT');
    this.#tables = new WriterTables(db);
    this.#applier = new Applier(this.#tables, newEpoch);
  }

  /**
   * Executes commands one after the other and commits them together.
   * @returns for each what became of it; when this returns, all of it is on disk
   * @throws whatever the database threw, when nothing of the batch is there
   */
  execute(jobs: readonly Job[]): (Outcome | Failure)[] {
    try {
      return this.#transaction(() => {
        const answers = jobs.map((job) => this.#decide(job));
        this.#tables.flush();
        return answers;
      });
    } catch (error) {
      if (diskFailure(error)) throw error;
      // One command is broken. All is rolled back; now each stands alone, so that it takes nobody along.
      return this.#transaction(() => jobs.map((job) => this.#alone(job)));
    }
  }

  #transaction<T>(work: () => T): T {
    try {
      this.#begin.run();
      const result = work();
      this.#commit.run();
      this.#tables.trim();
      return result;
    } catch (error) {
      this.#tables.forget();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** With its own savepoint, and written down to the last counter before it is released. */
  #alone(job: Job): Outcome | Failure {
    this.#db.exec('SAVEPOINT one');
    try {
      const answer = this.#decide(job);
      this.#tables.flush();
      this.#db.exec('RELEASE one');
      return answer;
    } catch (error) {
      if (diskFailure(error)) throw error;
      this.#tables.forget();
      this.#db.exec('ROLLBACK TO one; RELEASE one');
      return internal(error);
    }
  }

  #decide([command, now]: Job): Outcome | Failure {
    const { decision, failure } = this.#ask(command, now);
    if (failure) return failure;
    if (decision.status !== 'effects') return decision;
    const changes: Change[] = [];
    for (const effect of decision.effects) {
      const change = this.#applier.apply(effect);
      if (change !== null) changes.push(change);
    }
    return { status: 'done', changes };
  }

  /** Nothing has been written yet when a rule itself goes wrong, so there is nothing to undo. */
  #ask(
    command: RoomCommand,
    now: number,
  ): { decision: ReturnType<typeof decide>; failure?: never } | { decision?: never; failure: Failure } {
    let request: ReturnType<typeof plan>;
    try {
      request = plan(command);
    } catch (error) {
      return { failure: internal(error) };
    }
    const facts = factsOf(this.#tables, request);
    try {
      return { decision: decide(facts, command, now) };
    } catch (error) {
      return { failure: internal(error) };
    }
  }
}
