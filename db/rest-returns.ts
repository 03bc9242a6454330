import type { Session } from './use-session.ts';

/**
 * Before the log is replayed over a restored database. Until `endRest` no unit is returned: an order of the log's own sequence would not
 * find the stock as it was when buyers were answered. Pauses are lifted, for records that were decided after the restored moment would
 * be refused by a pause that had ended by then. Resolves with how many stocks rest.
 */
export function beginRest(session: Session): Promise<number> {
  return session.change(
    `UPDATE stock SET window_changed_at = IF(paused, NOW(3), window_changed_at), resting = IF(paused, 'paused', 'open'),
       paused = FALSE, version = version + 1 WHERE resting IS NULL`,
  );
}

/** After the replay: units are returned again, and what was paused is paused. Resolves with how many stocks rested. */
export function endRest(session: Session): Promise<number> {
  return session.change(
    `UPDATE stock SET window_changed_at = IF(resting = 'paused', NOW(3), window_changed_at),
       paused = paused OR resting = 'paused', resting = NULL, version = version + 1 WHERE resting IS NOT NULL`,
  );
}
