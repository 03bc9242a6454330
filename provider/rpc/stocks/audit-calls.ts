import { ulid } from 'ulid';
import { type AuditJob, createAuditJobs } from '../../../db/audit/audit-jobs.ts';
import { AUDIT_STATEMENT_MS } from '../../../db/audit/audit-rules.ts';
import { AUDIT_CHECKS, auditStock } from '../../../db/audit/audit-stock.ts';
import type { AuditJobInput } from '../../../proto/gen/flashsale/v1/AuditJob.ts';
import type { StockServiceHandlers } from '../../../proto/gen/flashsale/v1/StockService.ts';
import { runForAll } from '../../../proto/process/caller-scope.ts';
import { checkStockId } from '../check-request.ts';
import { CallError } from '../describe-fault.ts';
import { recordChange } from '../record-change.ts';
import { runAudit } from './run-audit.ts';
import type { StockServiceOptions } from './stock-service-options.ts';

type AuditHandlers = Pick<StockServiceHandlers, 'AuditStock' | 'StartAudit' | 'GetAudit' | 'CancelAudit'>;

const STATES = {
  running: 'AUDIT_RUNNING',
  done: 'AUDIT_DONE',
  failed: 'AUDIT_FAILED',
  cancelled: 'AUDIT_CANCELLED',
} as const;

/** The rpcs that audit a stock, also during a sale: within one call, or as a background job. */
export function createAuditCalls({ database, answer, logger, closing }: StockServiceOptions): AuditHandlers {
  const jobs = createAuditJobs(database);
  let busy = false;

  function orNotFound(job: AuditJob | null, sid: number): AuditJobInput {
    if (!job) throw new CallError('AUDIT_NOT_FOUND', `stock ${sid} has no audit`);
    return toMessage(job);
  }

  return {
    // One at a time in this process.
    AuditStock: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      if (busy) throw new CallError('TOO_MANY_AUDITS', 'another audit is running; try again later');
      busy = true;
      try {
        const audit = await database.withStatementMs(AUDIT_STATEMENT_MS).session((session) => auditStock(session, sid));
        if (!audit) throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
        return audit;
      } finally {
        busy = false;
      }
    }),

    StartAudit: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      const runId = ulid();
      const start = await jobs.start(sid, runId, AUDIT_CHECKS, recordChange(request.actor, 'startAudit'));
      switch (start.outcome) {
        case 'STARTED':
          // The job continues after the call, even if the caller disconnects.
          void runForAll(() => runAudit({ database, jobs, logger, sid, runId, signal: closing }));
          return toMessage(start.job);
        case 'UNDER_WAY':
          return toMessage(start.job);
        case 'BUSY':
          throw new CallError('TOO_MANY_AUDITS', 'too many audits are running; try again later');
        case 'NO_STOCK':
          throw new CallError('STOCK_NOT_FOUND', `stock ${sid} does not exist`);
        default:
          return start satisfies never;
      }
    }),

    GetAudit: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      return orNotFound(await jobs.read(sid), sid);
    }),

    CancelAudit: answer(async (request) => {
      const sid = checkStockId('sid', request.sid);
      return orNotFound(await jobs.cancel(sid, recordChange(request.actor, 'cancelAudit')), sid);
    }),
  };
}

function toMessage({ state, result, error, endedAtMs, runId: _, ...rest }: AuditJob): AuditJobInput {
  return {
    ...rest,
    state: STATES[state],
    ok: result?.ok ?? false,
    checks: result?.checks ?? [],
    error: error ?? '',
    endedAtMs: endedAtMs ?? 0,
  };
}
