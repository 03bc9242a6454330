import type { VirtualTime } from '../../world/virtual-time.ts';
import type { Fields } from './evaluate-expression.ts';
import type { Result, Run } from './run-statement.ts';
import { DatabaseError, type Row, type Transaction } from './tables.ts';

export type Change = { table: string; before: Fields | null; after: Fields | null };
export type Answer = (error: Error | null, result: Result) => void;

export type Transactions = {
  /** Calls `see` with the changes of each COMMIT, at that moment. */
  onCommit(see: (changes: Change[]) => void): void;
  /** Runs a statement to its end, however often it waits for a lock. */
  run(statement: Run, transaction: Transaction, answer: Answer): void;
  end(transaction: Transaction, commit: boolean): void;
};

/** Commits, rolls back, and gives row locks to the waiting transactions in sequence. */
export function createTransactions(time: VirtualTime, lockWaitMs: number): Transactions {
  const watchers: ((changes: Change[]) => void)[] = [];

  function unlock(row: Row): void {
    const next = row.waiters.shift();
    row.owner = next?.transaction ?? null;
    if (next) {
      next.transaction.rows.add(row);
      next.transaction.waitingFor = null;
      time.after(0, next.resume);
    } else if (!row.committed) row.table.rows.delete(row.key);
  }

  function run(statement: Run, transaction: Transaction, answer: Answer): void {
    function go(step: () => IteratorResult<Row, Result>): void {
      let result: IteratorResult<Row, Result>;
      try {
        result = step();
      } catch (error) {
        answer(error as Error, []);
        return;
      }
      if (result.done) answer(null, result.value);
      else waitFor(result.value);
    }

    function waitFor(row: Row): void {
      if (isDeadlock(row, transaction)) {
        go(() => statement.throw(new DatabaseError(1213, 'Deadlock found when trying to get lock')));
        return;
      }
      transaction.waitingFor = row;
      const cancel = time.after(lockWaitMs, () => {
        row.waiters = row.waiters.filter((other) => other !== waiter);
        transaction.waitingFor = null;
        go(() => statement.throw(new DatabaseError(1205, 'Lock wait timeout exceeded')));
      });
      const waiter = {
        transaction,
        resume() {
          cancel();
          go(() => statement.next());
        },
      };
      row.waiters.push(waiter);
    }
    go(() => statement.next());
  }

  return {
    run,
    onCommit: (see) => void watchers.push(see),
    end(transaction, commit) {
      const changes: Change[] = [];
      for (const row of transaction.rows) {
        if (row.pending !== undefined && commit) {
          changes.push({ table: row.table.name, before: row.committed, after: row.pending });
          row.committed = row.pending;
        }
        row.pending = undefined;
      }
      for (const row of transaction.rows) unlock(row);
      transaction.rows.clear();
      if (changes.length > 0) for (const see of watchers) see(changes);
    },
  };
}

/** Whether the row's owner waits, directly or through others, for this transaction. */
function isDeadlock(row: Row, transaction: Transaction): boolean {
  for (let owner = row.owner; owner; owner = owner.waitingFor?.owner ?? null) {
    if (owner === transaction) return true;
  }
  return false;
}
