import type { VirtualTime } from '../../world/virtual-time.ts';
import { parseStatement } from './parse-statement.ts';
import { runConfirmOrders } from './run-confirm-orders.ts';
import { type Result, runStatement } from './run-statement.ts';
import type { Row, Tables, Transaction } from './tables.ts';
import type { Answer, Transactions } from './transactions.ts';

/** The server's end of a connection. Statements run one after the other; a closed connection is rolled back. */
export type ServerConnection = {
  receive(sql: string, values: readonly unknown[], answer: Answer): void;
  /** The client closed it. As in MySQL, a statement that waits for a lock ends first. */
  close(): void;
  /** The server closes it. */
  drop(): void;
};

export type ServerConnectionOptions = {
  time: VirtualTime;
  tables: Tables;
  transactions: Transactions;
  /** `wait_timeout`; 0: none. */
  idleMs: number;
  /** The holder of the lock of GET_LOCK. */
  lock: { holder: ServerConnection | null };
  isUp(): boolean;
  nowMs(): number;
  onClosed(connection: ServerConnection): void;
};

const DEADLOCK = 1213;
/** The publishers' lock is the only one; it is taken without a wait. */
const LOCK_CALL = /^SELECT (GET|RELEASE)_LOCK\(/;
const lost = () => new Error('Connection lost: the server closed the connection');

export function createServerConnection(options: ServerConnectionOptions): ServerConnection {
  const { time, transactions, idleMs } = options;
  let open: Transaction | null = null;
  let closed = false;
  let clientClosed = false;
  let busy = false;
  let receivedMs = time.nowMs();
  let queue: { sql: string; values: readonly unknown[]; answer: Answer }[] = [];

  function drop(): void {
    if (closed) return;
    closed = true;
    options.onClosed(connection);
    if (options.lock.holder === connection) options.lock.holder = null;
    for (const { answer } of queue) answer(lost(), []);
    queue = [];
    if (open) transactions.end(open, false);
    open = null;
  }

  function endIdle(): void {
    if (closed || busy || !open) return;
    const leftMs = receivedMs + idleMs - time.nowMs();
    if (leftMs <= 0) drop();
    else time.after(leftMs, endIdle);
  }

  function callLock(take: boolean): number {
    const { lock } = options;
    if (lock.holder !== null && lock.holder !== connection) return 0;
    lock.holder = take ? connection : null;
    return 1;
  }

  function run(sql: string, values: readonly unknown[], answer: Answer): void {
    busy = true;
    const lockCall = LOCK_CALL.exec(sql)?.[1];
    if (lockCall) {
      finish(answer, null, [{ ok: callLock(lockCall === 'GET') }]);
      return;
    }
    const statement = parseStatement(sql);
    if (statement.kind === 'begin' || statement.kind === 'commit' || statement.kind === 'rollback') {
      // BEGIN inside a transaction commits it first.
      if (open) transactions.end(open, statement.kind !== 'rollback');
      open = statement.kind === 'begin' ? { rows: new Set(), waitingFor: null } : null;
      if (open && idleMs > 0) time.after(idleMs, endIdle);
      finish(answer, null, { affectedRows: 0 });
      return;
    }
    const isCall = statement.kind === 'call';
    // The procedure's START TRANSACTION commits an open transaction first.
    if (isCall && open) transactions.end(open, true);
    if (isCall) open = null;
    const transaction = open ?? { rows: new Set<Row>(), waitingFor: null };
    const context = { tables: options.tables, transaction, values, now: new Date(options.nowMs()) };
    const steps = isCall ? runConfirmOrders(context) : runStatement(statement, context);
    transactions.run(steps, transaction, (error, result) => {
      if (closed) {
        transactions.end(transaction, false);
      } else if (!open) {
        transactions.end(transaction, error === null);
      } else if ((error as { errno?: number } | null)?.errno === DEADLOCK) {
        transactions.end(transaction, false);
        open = null;
      }
      finish(answer, error, result);
    });
  }

  function finish(answer: Answer, error: Error | null, result: Result): void {
    busy = false;
    receivedMs = time.nowMs();
    if (closed) return;
    answer(error, result);
    const next = queue.shift();
    if (next) run(next.sql, next.values, next.answer);
    else if (clientClosed) drop();
  }

  const connection: ServerConnection = {
    drop,
    receive(sql, values, answer) {
      if (!options.isUp() || (!busy && idleMs > 0 && time.nowMs() - receivedMs > idleMs)) drop();
      if (closed) return answer(lost(), []);
      receivedMs = time.nowMs();
      if (busy) queue.push({ sql, values, answer });
      else run(sql, values, answer);
    },
    close() {
      clientClosed = true;
      if (!busy) drop();
    },
  };
  return connection;
}
