import type { Database, Session } from '../mysql/database.ts';
import { type RecordChange, recordNothing } from '../stocks/admin-action-table.ts';
import type { StockAudit } from './audit-stock.ts';

export type AuditState = 'running' | 'done' | 'failed' | 'cancelled';

/** The last audit of a stock. */
export type AuditJob = {
  sid: number;
  runId: string;
  state: AuditState;
  checksDone: number;
  checksTotal: number;
  /** When it is done. */
  result: StockAudit | null;
  /** Why it failed. */
  error: string | null;
  startedAtMs: number;
  endedAtMs: number | null;
};

/** Maximum number of running audits in all processes together: each reads all rows of a stock. */
export const MAX_AUDITS_RUNNING = 2;
/** An audit without a sign of life for this time has failed: its process has ended. */
const SILENT_SECONDS = 15;
const GONE = 'Its process ended before the audit.';

type Row = Omit<AuditJob, 'result' | 'startedAtMs' | 'endedAtMs'> & { result: string | null } & Times;
type Times = { startedAt: Date; endedAt: Date | null };
type Slot = { slot: number; sid: number | null; state: AuditState | null };

export type AuditStart = { outcome: 'STARTED' | 'UNDER_WAY'; job: AuditJob } | { outcome: 'BUSY' | 'NO_STOCK' };

/**
 * The audits in MySQL, one row for each of the last 20 audited stocks. The process that starts an audit runs it, calls `note` every few
 * seconds, and stops when `note` resolves with false.
 */
export function createAuditJobs(database: Database) {
  const change = (sql: string, values: unknown[]) =>
    database.session(async (session) => (await session.change(sql, values)) === 1);

  return {
    /** Takes the oldest free row. UNDER_WAY: an audit of this stock is already running. `record` runs with STARTED. */
    async start(
      sid: number,
      runId: string,
      checksTotal: number,
      record: RecordChange = recordNothing,
    ): Promise<AuditStart> {
      return database.transaction(async (session): Promise<AuditStart> => {
        await endSilent(session);
        // Locks all rows, so that concurrent starts see each other.
        const slots = await session.rows<Slot>(
          'SELECT slot, sid, state FROM audit_job ORDER BY started_at, slot FOR UPDATE',
        );
        const own = slots.find((slot) => slot.sid === sid);
        if (own?.state === 'running') return { outcome: 'UNDER_WAY', job: await mustRead(session, sid) };
        const [stock] = await session.rows('SELECT id FROM stock WHERE id = ?', [sid]);
        if (!stock) return { outcome: 'NO_STOCK' };
        const running = slots.filter(({ state }) => state === 'running').length;
        const free = own ?? slots.find(({ state }) => state !== 'running');
        if (running >= MAX_AUDITS_RUNNING || !free) return { outcome: 'BUSY' };
        await session.change(
          `UPDATE audit_job SET sid = ?, run_id = ?, state = 'running', checks_done = 0, checks_total = ?, result = NULL,
             error = NULL, started_at = NOW(3), seen_at = NOW(3), ended_at = NULL WHERE slot = ?`,
          [sid, runId, checksTotal, free.slot],
        );
        await record(session, String(sid));
        return { outcome: 'STARTED', job: await mustRead(session, sid) };
      });
    },

    /** Null: no audit of this stock is kept. */
    read: (sid: number): Promise<AuditJob | null> =>
      database.session(async (session) => {
        await endSilent(session);
        return readJob(session, sid);
      }),

    /** A running audit ends within about a second, and `record` runs. Null: no audit of this stock is kept. */
    async cancel(sid: number, record: RecordChange = recordNothing): Promise<AuditJob | null> {
      return database.transaction(async (session) => {
        const sql = `UPDATE audit_job SET state = 'cancelled', ended_at = NOW(3) WHERE sid = ? AND state = 'running'`;
        if ((await session.change(sql, [sid])) === 1) await record(session, String(sid));
        return readJob(session, sid);
      });
    },

    /** False: the audit was cancelled or has failed. */
    note: (runId: string, checksDone: number): Promise<boolean> =>
      change(`UPDATE audit_job SET checks_done = ?, seen_at = NOW(3) WHERE run_id = ? AND state = 'running'`, [
        ...[checksDone, runId],
      ]),

    finish: (runId: string, audit: StockAudit): Promise<boolean> =>
      change(
        `UPDATE audit_job SET state = 'done', checks_done = ?, checks_total = ?, result = ?, ended_at = NOW(3)
         WHERE run_id = ? AND state = 'running'`,
        [audit.checks.length, audit.checks.length, JSON.stringify(audit), runId],
      ),

    fail: (runId: string, error: string): Promise<boolean> =>
      change(
        `UPDATE audit_job SET state = 'failed', error = ?, ended_at = NOW(3) WHERE run_id = ? AND state = 'running'`,
        [error.slice(0, 200), runId],
      ),
  };
}

async function endSilent(session: Session): Promise<void> {
  await session.change(
    `UPDATE audit_job SET state = 'failed', error = ?, ended_at = NOW(3)
     WHERE state = 'running' AND seen_at < NOW(3) - INTERVAL ? SECOND`,
    [GONE, SILENT_SECONDS],
  );
}

async function readJob(session: Session, sid: number): Promise<AuditJob | null> {
  const [row] = await session.rows<Row>(
    `SELECT sid, run_id AS runId, state, checks_done AS checksDone, checks_total AS checksTotal, result, error,
       started_at AS startedAt, ended_at AS endedAt FROM audit_job WHERE sid = ?`,
    [sid],
  );
  if (!row) return null;
  const { startedAt, endedAt, result, ...rest } = row;
  return {
    ...rest,
    result: result === null ? null : (JSON.parse(result) as StockAudit),
    startedAtMs: startedAt.getTime(),
    endedAtMs: endedAt?.getTime() ?? null,
  };
}

async function mustRead(session: Session, sid: number): Promise<AuditJob> {
  const job = await readJob(session, sid);
  if (!job) throw new Error(`no audit of stock ${sid}`);
  return job;
}
