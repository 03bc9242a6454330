import type { Logger } from 'pino';
import {
  type AuditRound,
  claimAuditRound,
  endAuditRound,
  findStocksToAudit,
  readAuditRound,
  renewAuditRound,
} from '../../db/audit/audit-rounds.ts';
import { auditStock } from '../../db/audit/audit-stock.ts';
import type { Database } from '../../db/mysql/database.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import { type Clock, pause } from '../../proto/process/clock.ts';
import { type Job, startJob } from './start-job.ts';

export type AuditJobOptions = {
  /** For the rounds. */
  database: Database;
  /** For the rows, with the deadline AUDIT_STATEMENT_MS; the same database, or a replica of it. */
  auditDatabase: Database;
  /** AUDIT_EVERY; 0: this worker audits nothing. */
  everySeconds: number;
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
  clock: Clock;
};

const LOOK_EVERY_MS = 5000;
const PAUSE_MAX_MS = 2000;

/**
 * Audits the rows of running sales and of those that ended within a day, in one worker at a time and one stock after the other. All workers
 * report the result of the last round, so that a worker's end hides nothing.
 */
export function startAuditJob(options: AuditJobOptions): Job {
  const { database, everySeconds, metrics, logger, clock } = options;
  let last: AuditRound | null = null;
  // Its abort ends the statement that runs, also on the server.
  const life = new AbortController();
  watchRound(metrics, () => last);
  const job = startJob({
    name: 'audit',
    everyMs: LOOK_EVERY_MS,
    logger,
    clock,
    async work() {
      if (everySeconds > 0 && (await database.session((session) => claimAuditRound(session, everySeconds)))) {
        await runForCaller(life.signal, () => auditRound(options, life.signal));
      }
      last = await database.session(readAuditRound);
      return false;
    },
  });
  return {
    async close() {
      life.abort(new GivenUpError('the worker stops'));
      await job.close();
    },
  };
}

function watchRound(metrics: Pick<Metrics, 'watch'>, read: () => AuditRound | null): void {
  metrics.watch('flashsale_audit_violations', () => read()?.violations ?? {});
  metrics.watch('flashsale_audit_timestamp_seconds', () => (read()?.endedAtMs ?? 0) / 1000);
  // Without a round nothing is known to be broken.
  metrics.watch('flashsale_audit_ok', () => (Object.values(read()?.violations ?? {}).some((n) => n > 0) ? 0 : 1));
}

/** An error, such as a statement that takes too long, leaves the claim: the next try is after its end. */
async function auditRound(options: AuditJobOptions, signal: AbortSignal): Promise<void> {
  const { database, auditDatabase, logger, clock } = options;
  const violations: Record<string, number> = {};
  const sids = await auditDatabase.session(findStocksToAudit);
  for (const sid of sids) {
    signal.throwIfAborted();
    await database.session(renewAuditRound);
    const startedMs = clock.nowMs();
    const audit = await auditDatabase.session((session) => auditStock(session, sid));
    for (const { name, ok, detail } of audit?.checks ?? []) {
      violations[name] = (violations[name] ?? 0) + (ok ? 0 : 1);
      if (!ok) logger.error({ sid, check: name, detail }, 'audit: a promise is broken');
    }
    // Reading takes at most half of the time.
    if (!signal.aborted) await pause(clock, Math.min(clock.nowMs() - startedMs, PAUSE_MAX_MS));
  }
  await database.session((session) => endAuditRound(session, { stocks: sids.length, violations }));
}
