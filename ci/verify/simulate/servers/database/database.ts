import type { VirtualTime } from '../../world/virtual-time.ts';
import type { Fields } from './evaluate-expression.ts';
import { parseStatement } from './parse-statement.ts';
import { type Result, type Run, runStatement } from './run-statement.ts';
import { completeFields, createTables, DatabaseError, keyOf, type Row, type Transaction } from './tables.ts';

export type Change = { table: string; before: Fields | null; after: Fields | null };
export type Answer = (error: Error | null, result: Result) => void;

/** A connection as the server has it: statements are done one after the other, and a client that is gone is rolled back. */
export type ServerConnection = {
  receive(sql: string, values: readonly unknown[], answer: Answer): void;
  /** The client is gone. A statement that waits for a lock ends first, as it does in MySQL. */
  close(): void;
};

export type SimulatedDatabase = {
  /** `idleMs`: after so long without a statement the server ends the connection (wait_timeout). */
  connect(idleMs: number): ServerConnection;
  /** Calls `see` with what each COMMIT has changed, at that moment. */
  onCommit(see: (changes: Change[]) => void): void;
  /** A row that is there from the start. */
  insert(table: string, fields: Fields): void;
  /** Committed rows. */
  rowsOf(table: string): Fields[];
  rowOf(table: string, key: string): Fields | null;
  nowMs(): number;
  /** Whatever is asked of it waits until it thaws. Its clock goes on. */
  freeze(): void;
  thaw(): void;
  stop(): void;
  start(): void;
  isUp(): boolean;
};

const STARTED_AT_MS = Date.UTC(2030, 0, 1);

export function createSimulatedDatabase(time: VirtualTime, options: { lockWaitMs: number }): SimulatedDatabase {
  const tables = createTables();
  const watchers: ((changes: Change[]) => void)[] = [];
  const connections = new Set<{ drop(): void }>();
  let up = true;
  /** What came while it is frozen; null: it is not. */
  let held: (() => void)[] | null = null;
  const nowMs = () => STARTED_AT_MS + Math.floor(time.nowMs());

  function letGo(row: Row): void {
    const next = row.waiters.shift();
    row.owner = next?.transaction ?? null;
    if (next) {
      next.transaction.rows.add(row);
      next.transaction.waitingFor = null;
      time.after(0, next.resume);
    } else if (!row.committed) row.table.rows.delete(row.key);
  }

  function end(transaction: Transaction, commit: boolean): void {
    const changes: Change[] = [];
    for (const row of transaction.rows) {
      if (row.pending !== undefined && commit) {
        changes.push({ table: row.table.name, before: row.committed, after: row.pending });
        row.committed = row.pending;
      }
      row.pending = undefined;
    }
    for (const row of transaction.rows) letGo(row);
    transaction.rows.clear();
    if (changes.length > 0) for (const see of watchers) see(changes);
  }

  function wouldWaitForItself(row: Row, transaction: Transaction): boolean {
    for (let owner = row.owner; owner; owner = owner.waitingFor?.owner ?? null) {
      if (owner === transaction) return true;
    }
    return false;
  }

  /** Takes the run as far as it goes; when it has to wait for a lock, goes on when that is given, or the wait took too long. */
  function work(run: Run, transaction: Transaction, done: (error: Error | null, result: Result) => void): void {
    function go(step: () => IteratorResult<Row, Result>): void {
      let result: IteratorResult<Row, Result>;
      try {
        result = step();
      } catch (error) {
        done(error as Error, []);
        return;
      }
      if (result.done) {
        done(null, result.value);
        return;
      }
      const row = result.value;
      if (wouldWaitForItself(row, transaction)) {
        go(() => run.throw(new DatabaseError(1213, 'Deadlock found when trying to get lock')));
        return;
      }
      transaction.waitingFor = row;
      const cancel = time.after(options.lockWaitMs, () => {
        row.waiters = row.waiters.filter((other) => other !== waiter);
        transaction.waitingFor = null;
        go(() => run.throw(new DatabaseError(1205, 'Lock wait timeout exceeded')));
      });
      const waiter = {
        transaction,
        resume() {
          cancel();
          go(() => run.next());
        },
      };
      row.waiters.push(waiter);
    }
    go(() => run.next());
  }

  function connect(idleMs: number): ServerConnection {
    let open: Transaction | null = null;
    let closed = false;
    let gone = false;
    let busy = false;
    let receivedMs = time.nowMs();
    let queue: { sql: string; values: readonly unknown[]; answer: Answer }[] = [];

    function drop(): void {
      if (closed) return;
      closed = true;
      connections.delete(self);
      for (const { answer } of queue) answer(new Error('Connection lost: the server closed the connection'), []);
      queue = [];
      if (open) end(open, false);
      open = null;
    }
    const self = { drop };
    connections.add(self);

    function endIdle(): void {
      if (closed || busy || !open) return;
      const leftMs = receivedMs + idleMs - time.nowMs();
      if (leftMs <= 0) drop();
      else time.after(leftMs, endIdle);
    }

    function next(): void {
      const statement = queue.shift();
      if (statement) run(statement.sql, statement.values, statement.answer);
      else if (gone) drop();
    }

    function run(sql: string, values: readonly unknown[], answer: Answer): void {
      busy = true;
      const statement = parseStatement(sql);
      const finish = (error: Error | null, result: Result) => {
        busy = false;
        receivedMs = time.nowMs();
        if (closed) return;
        answer(error, result);
        next();
      };
      if (statement.kind === 'begin' || statement.kind === 'commit' || statement.kind === 'rollback') {
        // BEGIN inside a transaction commits it first.
        if (open) end(open, statement.kind !== 'rollback');
        open = statement.kind === 'begin' ? { rows: new Set(), waitingFor: null } : null;
        if (open && idleMs > 0) time.after(idleMs, endIdle);
        finish(null, { affectedRows: 0 });
        return;
      }
      const transaction = open ?? { rows: new Set<Row>(), waitingFor: null };
      const context = { tables, transaction, values, now: new Date(nowMs()) };
      work(runStatement(statement, context), transaction, (error, result) => {
        if (closed) {
          end(transaction, false);
        } else if (!open) {
          end(transaction, error === null);
        } else if ((error as { errno?: number } | null)?.errno === 1213) {
          end(transaction, false);
          open = null;
        }
        finish(error, result);
      });
    }

    function whenThawed(act: () => void): void {
      if (held) held.push(act);
      else act();
    }

    const server: ServerConnection = {
      receive(sql, values, answer) {
        if (!up || (!busy && idleMs > 0 && time.nowMs() - receivedMs > idleMs)) drop();
        if (closed) return answer(new Error('Connection lost: the server closed the connection'), []);
        receivedMs = time.nowMs();
        if (busy) queue.push({ sql, values, answer });
        else run(sql, values, answer);
      },
      close() {
        gone = true;
        if (!busy) drop();
      },
    };
    return {
      receive: (sql, values, answer) => whenThawed(() => server.receive(sql, values, answer)),
      close: () => whenThawed(server.close),
    };
  }

  return {
    connect,
    nowMs,
    onCommit: (see) => void watchers.push(see),
    insert(name, given) {
      const table = tables.get(name);
      if (!table) throw new Error(`no table ${name}`);
      const committed = completeFields(table, given, new Date(nowMs()));
      const key = keyOf(table, committed);
      table.rows.set(key, { table, key, committed, pending: undefined, owner: null, waiters: [] });
    },
    rowsOf(name) {
      const rows = [...(tables.get(name)?.rows.values() ?? [])];
      return rows.map(({ committed }) => committed).filter((fields) => fields !== null);
    },
    rowOf: (name, key) => tables.get(name)?.rows.get(key)?.committed ?? null,
    freeze() {
      held ??= [];
    },
    thaw() {
      const waited = held ?? [];
      held = null;
      for (const act of waited) time.after(0, act);
    },
    stop() {
      up = false;
      for (const one of [...connections]) one.drop();
    },
    start() {
      up = true;
    },
    isUp: () => up,
  };
}
