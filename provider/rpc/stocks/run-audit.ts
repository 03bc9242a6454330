import type { Logger } from 'pino';
import type { createAuditJobs } from '../../../db/audit/audit-jobs.ts';
import { AUDIT_STATEMENT_MS } from '../../../db/audit/audit-rules.ts';
import { auditStock } from '../../../db/audit/audit-stock.ts';
import type { Database, Session } from '../../../db/mysql/database.ts';
import { GivenUpError, runForCaller } from '../../../proto/process/caller-scope.ts';

const NOTE_EVERY_MS = 500;

export type RunAuditOptions = {
  database: Database;
  jobs: ReturnType<typeof createAuditJobs>;
  logger: Logger;
  sid: number;
  runId: string;
  /** Aborted when this process closes. */
  signal: AbortSignal;
};

/**
 * Runs a started audit to its end. Never rejects. When it is cancelled, its statement is ended on the server too (db/mysql/database.ts).
 */
export async function runAudit({ database, jobs, logger, sid, runId, signal }: RunAuditOptions): Promise<void> {
  const life = new AbortController();
  const end = () => life.abort(new GivenUpError('audit cancelled'));
  signal.addEventListener('abort', end);
  let checksDone = 0;
  const timer = setInterval(() => {
    // A temporary failure of the database does not end the audit.
    jobs.note(runId, checksDone).then(
      (isActive) => isActive || end(),
      () => undefined,
    );
  }, NOTE_EVERY_MS);
  try {
    const read = (session: Session) =>
      auditStock(session, sid, (done) => {
        checksDone = done;
      });
    const audit = await runForCaller(life.signal, () => database.withStatementMs(AUDIT_STATEMENT_MS).session(read));
    if (audit) await jobs.finish(runId, audit);
    else await jobs.fail(runId, 'The stock does not exist.');
  } catch (error) {
    if (life.signal.aborted && !signal.aborted) logger.info({ sid, runId }, 'audit cancelled');
    else {
      logger.warn({ err: error, sid, runId }, 'audit failed');
      const why = signal.aborted ? 'The process was stopped.' : 'The database did not answer in time.';
      await jobs.fail(runId, why).catch(() => undefined);
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', end);
  }
}
