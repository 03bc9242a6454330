import type { Session } from '../mysql/database.ts';

/** The result of the last round of the continuous audit. */
export type AuditRound = {
  endedAtMs: number;
  stocks: number;
  /** By name of a check: stocks that break it. */
  violations: Record<string, number>;
};

/** Stocks of one round: those created last. */
const MAX_STOCKS = 50;
/** A claim is renewed for each stock, whose statements take longer only where the database is in trouble. */
const CLAIM_SECONDS = 120;

/** False: no round is due, or another worker has claimed it. */
export async function claimAuditRound(session: Session, everySeconds: number): Promise<boolean> {
  const changed = await session.change(
    `UPDATE audit_round SET claimed_until = NOW(3) + INTERVAL ? SECOND WHERE id = 1
       AND (claimed_until IS NULL OR claimed_until <= NOW(3))
       AND (ended_at IS NULL OR ended_at <= NOW(3) - INTERVAL ? SECOND)`,
    [CLAIM_SECONDS, everySeconds],
  );
  return changed === 1;
}

export async function renewAuditRound(session: Session): Promise<void> {
  await session.change('UPDATE audit_round SET claimed_until = NOW(3) + INTERVAL ? SECOND WHERE id = 1', [
    CLAIM_SECONDS,
  ]);
}

export async function endAuditRound(session: Session, { stocks, violations }: Omit<AuditRound, 'endedAtMs'>) {
  await session.change(
    'UPDATE audit_round SET claimed_until = NULL, ended_at = NOW(3), stocks = ?, violations = ? WHERE id = 1',
    [stocks, JSON.stringify(violations)],
  );
}

type Row = { endedAt: Date | null; stocks: number; violations: string | null };

/** Null: no round has ended yet. */
export async function readAuditRound(session: Session): Promise<AuditRound | null> {
  const [row] = await session.rows<Row>('SELECT ended_at AS endedAt, stocks, violations FROM audit_round WHERE id = 1');
  if (!row?.endedAt) return null;
  const violations = JSON.parse(row.violations ?? '{}') as Record<string, number>;
  return { endedAtMs: row.endedAt.getTime(), stocks: row.stocks, violations };
}

/** Stocks with orders whose sale is open, or ended within a day. */
export async function findStocksToAudit(session: Session): Promise<number[]> {
  const rows = await session.rows<{ sid: number }>(
    `SELECT id AS sid FROM stock WHERE kind = 'sale' AND (opens_at IS NULL OR opens_at <= NOW(3))
       AND (closes_at IS NULL OR closes_at > NOW(3) - INTERVAL 1 DAY)
       AND EXISTS (SELECT 1 FROM stock_order o WHERE o.sid = stock.id) ORDER BY id DESC LIMIT ?`,
    [MAX_STOCKS],
  );
  return rows.map(({ sid }) => sid);
}
