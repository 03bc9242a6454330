import { setTimeout as sleep } from 'node:timers/promises';
import { connectMysql } from '../../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database, type Session } from '../../../../db/mysql/database.ts';
import { repeat } from '../system/repeat.ts';
import { type Fault, LATE_LOG_ERRORS, type Stage } from './fault.ts';

const LASTS_MS = 8000;
const STATEMENT_MS = 10_000;
const HELD_MS = 1500;
const FREE_MS = 100;
const CROSSING = 3;
const CROSSED_MS = 30;

const lockStock = (session: Session, sid: number) =>
  session.rows('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);

/** Locks by other sessions, such as a report or a script. */
export const lockFaults: Fault[] = [
  {
    name: 'lock-waits',
    what: 'another session locks the stock’s row for 1.5 of every 1.6 s, for 8 s',
    lastsMs: LASTS_MS,
    bounds: { orderErrors: LATE_LOG_ERRORS, recoverMs: 5000 },
    alarm: { name: 'ClickToDecisionSlow', or: 'DecisionsRepeat' },
    inject: (stage) =>
      repeatTransactions(stage, 1, async (session) => {
        await lockStock(session, stage.sid);
        await sleep(HELD_MS);
      }),
  },
  {
    name: 'deadlocks',
    what: 'other sessions lock orders first and the stock second, without a pause, for 8 s',
    lastsMs: LASTS_MS,
    bounds: { orderErrors: LATE_LOG_ERRORS, recoverMs: 5000 },
    alarm: { name: 'DecisionsRepeat' },
    inject: (stage) =>
      repeatTransactions(stage, CROSSING, async (session) => {
        // With REPEATABLE READ this also locks the gaps for new orders.
        await session.rows('SELECT order_no FROM stock_order FORCE INDEX (one_live_order) WHERE sid = ? FOR UPDATE', [
          stage.sid,
        ]);
        await sleep(CROSSED_MS);
        await lockStock(session, stage.sid);
      }),
  },
];

/** Repeats `work` in transactions until the returned function is called. */
function repeatTransactions(
  { system, print }: Stage,
  sessions: number,
  work: (session: Session) => Promise<void>,
): () => Promise<void> {
  const mysql = connectMysql({
    url: system.mysqlAdminUrl,
    maxConnections: sessions + 1,
    acquireDeadlineMs: STATEMENT_MS,
  });
  let done = 0;
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const deadlocksBefore = countDeadlocks(database);
  deadlocksBefore.catch(() => undefined);
  const run = async () => {
    try {
      await database.transaction(async (session) => {
        await session.change('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await session.change('COMMIT');
        await session.change('BEGIN');
        await work(session);
      });
      done += 1;
    } catch {
      // Deadlocks are expected; the database chooses the transaction to roll back.
    }
    await sleep(FREE_MS);
  };
  const stops = Array.from({ length: sessions }, () => repeat(run));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    const deadlocks = (await countDeadlocks(database)) - (await deadlocksBefore);
    await mysql.destroy();
    print(`  ${done} transactions of other sessions, ${deadlocks} deadlocks`);
  };
}

/** Deadlocks of the server since its start. MySQL has no such counter; the result is then 0. */
async function countDeadlocks(database: Database): Promise<number> {
  const sql = `SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'`;
  const rows = await database.session((session) => session.rows<{ Value: string }>(sql));
  return Number(rows[0]?.Value ?? 0);
}
