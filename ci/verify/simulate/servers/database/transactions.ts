import type { VirtualTime } from '../../world/virtual-time.ts';
import type { Fields } from './evaluate-expression.ts';
import { isDeadlock, type LockWait, serveWaiters, unlockRow } from './lock-row.ts';
import type { Result, Run } from './run-statement.ts';
import { DatabaseError, type Transaction } from './tables.ts';

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

  function run(statement: Run, transaction: Transaction, answer: Answer): void {
    function go(step: () => IteratorResult<LockWait, Result>): void {
      let result: IteratorResult<LockWait, Result>;
      try {
        result = step();
      } catch (error) {
        answer(error as Error, []);
        return;
      }
      if (result.done) answer(null, result.value);
      else waitFor(result.value);
    }

    function waitFor({ row, kind }: LockWait): void {
      if (isDeadlock(row, transaction)) {
        go(() => statement.throw(new DatabaseError(1213, 'Deadlock found when trying to get lock')));
        return;
      }
      transaction.waitingFor = row;
      const cancel = time.after(lockWaitMs, () => {
        row.waiters = row.waiters.filter((other) => other !== waiter);
        transaction.waitingFor = null;
        serveWaiters(row);
        go(() => statement.throw(new DatabaseError(1205, 'Lock wait timeout exceeded')));
      });
      const waiter = {
        transaction,
        kind,
        resume() {
          cancel();
          transaction.waitingFor = null;
          // A server that stops may roll the transaction back before the statement goes on.
          const goOn = () => (transaction.rows.has(row) ? statement.next() : statement.throw(new Error('rolled back')));
          time.after(0, () => go(goOn));
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
      for (const row of [...transaction.rows]) unlockRow(row, transaction);
      if (changes.length > 0) for (const see of watchers) see(changes);
    },
  };
}
