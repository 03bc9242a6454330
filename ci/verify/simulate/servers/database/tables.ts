import { type Fields, plain, type Value } from './evaluate-expression.ts';

export type LockKind = 'share' | 'update';
/** The rows that a transaction has locked, and the row that it waits for. */
export type Transaction = { rows: Set<Row>; waitingFor: Row | null };
/** `resume`: it has the lock. */
export type Waiter = { transaction: Transaction; kind: LockKind; resume(): void };

/** `committed` is what others see, `pending` what the owner of the lock has written (undefined: nothing). */
export type Row = {
  table: Table;
  key: string;
  committed: Fields | null;
  pending: Fields | null | undefined;
  owner: Transaction | null;
  /** Those that have locked it LOCK IN SHARE MODE. */
  sharers: Set<Transaction>;
  waiters: Waiter[];
};

export type TableRules = {
  keyColumns: string[];
  /** Values of columns that an INSERT does not name. */
  defaults: Record<string, Value | (() => Value)>;
  /** Computes generated columns and checks constraints of a written row. */
  derive?(fields: Fields): void;
  /** ENUM columns: their values in the sequence in which they are sorted. */
  enums?: Record<string, readonly string[]>;
  /** A second unique key; null: no value, never equal. */
  uniqueKey?(fields: Fields): string | null;
};

export type Table = {
  name: string;
  rules: TableRules;
  rows: Map<string, Row>;
  /** Rows that have, had or may get this unique key. */
  byUniqueKey: Map<string, Set<Row>>;
};

/** An error of MySQL with its number. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  errno: number;
  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
  }
}

const NOW = Symbol('now') as unknown as () => Value;
const number = (fields: Fields, name: string) => Number(fields[name]);

const RULES: Record<string, TableRules> = {
  stock: {
    keyColumns: ['id'],
    defaults: {
      name: '',
      count: 0,
      sale: 0,
      version: 0,
      kind: 'sale',
      price_cents: 0,
      currency: 'CNY',
      opens_at: null,
      closes_at: null,
      paused: 0,
      create_time: NOW,
      units_changed_at: null,
      window_changed_at: null,
      resting: null,
      hidden: 0,
      reference: null,
      unique_reference: null,
      metadata: null,
      description: null,
      picture_url: null,
      compare_at_price_cents: null,
      max_per_order: 1,
      mode: 'rush',
      offers_only: 0,
    },
    derive(fields) {
      fields.paused = Number(fields.paused);
      fields.offers_only = Number(fields.offers_only);
      if (number(fields, 'sale') < 0 || number(fields, 'sale') > number(fields, 'count')) {
        throw new DatabaseError(4025, 'CONSTRAINT `stock_not_oversold` failed');
      }
    },
  },
  stock_order: {
    keyColumns: ['order_no'],
    defaults: {
      name: '',
      live_order_no: null,
      price_cents: 0,
      create_time: NOW,
      minted_at: null,
      pay_by: null,
      log_partition: null,
      log_offset: null,
      appended_at: null,
      paid_at: null,
      ended_at: null,
      judged_at: null,
      log_index: 0,
      quantity: 1,
      max_per_order: 1,
      units_left: null,
      reference: null,
      metadata: null,
    },
    derive(fields) {
      if (number(fields, 'quantity') < 1 || number(fields, 'quantity') > number(fields, 'max_per_order')) {
        throw new DatabaseError(4025, 'CONSTRAINT `stock_order.quantity` failed');
      }

      fields.live = fields.state === 'awaiting_payment' || fields.state === 'paid' ? 1 : null;
    },
    uniqueKey: (fields) => (fields.live === 1 ? `${fields.sid} ${fields.buyer}` : null),
  },
  payment: {
    keyColumns: ['payment_id'],
    defaults: {
      paid_cents: null,
      paid_currency: null,
      reason: null,
      refund_tries: 0,
      next_try_at: null,
      create_time: NOW,
      paid_at: null,
      refunded_at: null,
      gateway: null,
      return_url: null,
      session_until: null,
      session_id: null,
      session_url: null,
      session_next_at: null,
      session_tries: 0,
      session_ended_at: null,
      charge_id: null,
      refund_pending_at: null,
      refund_failure: null,
      returned_cents: null,
      dispute: null,
    },
  },
  payment_event: { keyColumns: ['event_id'], defaults: { create_time: NOW } },
  order_event: {
    keyColumns: ['order_no', 'type'],
    defaults: { create_time: NOW, published_at: null },
  },
  draw: {
    keyColumns: ['sid', 'attempt'],
    defaults: {
      state: 'taking',
      entries_open_at: NOW,
      entries_close_at: NOW,
      entry_count: null,
      root: null,
      statement: null,
      stated_at: null,
      beacon_round: null,
      randomness: null,
      beacon_signature: null,
      drawn_at: null,
      last_place: 0,
      offered_place: 0,
      void_reason: null,
      ended_at: null,
      claimed_until: null,
    },
  },
  entry: {
    keyColumns: ['sid', 'entry_id'],
    defaults: {
      buyer: null,
      salt: null,
      state: 'waiting',
      entered_at: NOW,
      place: null,
      order_no: null,
      ended_at: null,
    },
    uniqueKey: (fields) => (fields.buyer === null ? null : `${fields.sid} ${fields.buyer}`),
  },
  event_mark: { keyColumns: ['topic', 'log_partition'], defaults: {} },
};

export type Tables = Map<string, Table>;

/** The tables of db/mysql/migrations, empty. */
export function createTables(): Tables {
  return new Map(
    Object.entries(RULES).map(([name, rules]) => [name, { name, rules, rows: new Map(), byUniqueKey: new Map() }]),
  );
}

/** A row that nothing has locked. */
export function createRow(table: Table, key: string, committed: Fields | null = null): Row {
  const row: Row = { table, key, committed, pending: undefined, owner: null, sharers: new Set(), waiters: [] };
  table.rows.set(key, row);
  return row;
}

export function keyOf(table: Table, fields: Fields): string {
  return table.rules.keyColumns.map((column) => String(plain(fields[column] ?? null))).join(' ');
}

/** Adds defaults and generated columns to the given fields. */
export function completeFields(table: Table, given: Fields, now: Date): Fields {
  const fields: Fields = {};
  for (const [name, value] of Object.entries(table.rules.defaults)) {
    fields[name] = value === NOW ? now : (value as Value);
  }
  Object.assign(fields, given);
  table.rules.derive?.(fields);
  return fields;
}

/** The row as this transaction sees it under READ COMMITTED. */
export function visibleTo(row: Row, transaction: Transaction): Fields | null {
  return row.owner === transaction && row.pending !== undefined ? row.pending : row.committed;
}
