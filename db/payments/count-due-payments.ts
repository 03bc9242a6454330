import type { Session } from '../mysql/database.ts';

export type DuePayments = {
  /** Sessions whose check is due. */
  sessionsDue: number;
  /** Refunds that the gateway has not made, also those that it refuses. */
  refundsDue: number;
  /** Refunds that the gateway refuses. */
  refundsFailed: number;
};

/** Counts by the indexes alone. */
export async function countDuePayments(session: Session): Promise<DuePayments> {
  const [counts] = await session.rows<DuePayments>(
    `SELECT
       (SELECT COUNT(*) FROM payment FORCE INDEX (sessions_due) WHERE session_next_at <= NOW(3)) AS sessionsDue,
       (SELECT COUNT(*) FROM payment FORCE INDEX (refunds_due) WHERE state = 'refund_due') AS refundsDue,
       (SELECT COUNT(*) FROM payment FORCE INDEX (refunds_due) WHERE state = 'refund_due' AND next_try_at IS NULL)
         AS refundsFailed`,
  );
  return counts ?? { sessionsDue: 0, refundsDue: 0, refundsFailed: 0 };
}
