import type { VirtualTime } from '../../world/virtual-time.ts';
import type { Fields } from './evaluate-expression.ts';
import { createServerConnection, type ServerConnection } from './server-connection.ts';
import { completeFields, createRow, createTables, keyOf } from './tables.ts';
import { type Change, createTransactions } from './transactions.ts';

export type SimulatedDatabase = {
  /** The server closes the connection after `idleMs` without a statement (`wait_timeout`). */
  connect(idleMs: number): Pick<ServerConnection, 'receive' | 'close'>;
  /** Calls `see` with the changes of each COMMIT, at that moment. */
  onCommit(see: (changes: Change[]) => void): void;
  /** Adds a committed row. */
  insert(table: string, fields: Fields): void;
  /** Committed rows. */
  rowsOf(table: string): Fields[];
  rowOf(table: string, key: string): Fields | null;
  nowMs(): number;
  /** Everything that arrives waits until the database thaws. Its clock goes on. */
  freeze(): void;
  thaw(): void;
  stop(): void;
  start(): void;
  isUp(): boolean;
};

const STARTED_AT_MS = Date.UTC(2030, 0, 1);

export function createSimulatedDatabase(time: VirtualTime, options: { lockWaitMs: number }): SimulatedDatabase {
  const tables = createTables();
  const transactions = createTransactions(time, options.lockWaitMs);
  const connections = new Set<ServerConnection>();
  const lock: { holder: ServerConnection | null } = { holder: null };
  let up = true;
  /** What arrived while the database was frozen; null: it is not frozen. */
  let held: (() => void)[] | null = null;
  const nowMs = () => STARTED_AT_MS + Math.floor(time.nowMs());

  function whenThawed(act: () => void): void {
    if (held) held.push(act);
    else act();
  }

  return {
    nowMs,
    onCommit: transactions.onCommit,
    connect(idleMs) {
      const connection = createServerConnection({
        time,
        tables,
        transactions,
        idleMs,
        lock,
        nowMs,
        isUp: () => up,
        onClosed: (closed) => connections.delete(closed),
      });
      connections.add(connection);
      return {
        receive: (sql, values, answer) => whenThawed(() => connection.receive(sql, values, answer)),
        close: () => whenThawed(connection.close),
      };
    },
    insert(name, given) {
      const table = tables.get(name);
      if (!table) throw new Error(`no table ${name}`);
      const committed = completeFields(table, given, new Date(nowMs()));
      createRow(table, keyOf(table, committed), committed);
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
      for (const connection of [...connections]) connection.drop();
    },
    start() {
      up = true;
    },
    isUp: () => up,
  };
}
