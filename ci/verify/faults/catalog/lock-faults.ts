import { setTimeout as sleep } from 'node:timers/promises';
import { connectMysql } from '../../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database, type Session } from '../../../../db/mysql/database.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 8000;
const STATEMENT_MS = 10_000;
const HELD_MS = 1500;
const FREE_MS = 100;
const CROSSING = 3;
const CROSSED_MS = 30;

const lockStock = (session: Session, sid: number) =>
  session.rows('SELECT id FROM stock WHERE id = ? FOR UPDATE', [sid]);

/** Somebody else at the same rows: a report, a careless script. */
export const lockFaults: Fault[] = [
  {
    name: 'lock-waits',
    what: 'a side session holds the stock’s row, 1.5 s of every 1.6, for 8 s',
    lastsMs: LASTS_MS,
    bounds: { orderErrors: 0, recoverMs: 5000 },
    inject: (stage) =>
      repeat(stage, 1, async (session) => {
        await lockStock(session, stage.sid);
        await sleep(HELD_MS);
      }),
  },
  {
    name: 'deadlocks',
    what: 'side sessions lock orders first and the stock second, without a pause, for 8 s',
    lastsMs: LASTS_MS,
    bounds: { orderErrors: 0, recoverMs: 5000 },
    inject: (stage) =>
      repeat(stage, CROSSING, async (session) => {
        // With REPEATABLE READ this holds also the gaps into which new orders go.
        await session.rows('SELECT order_no FROM stock_order FORCE INDEX (one_live_order) WHERE sid = ? FOR UPDATE', [
          stage.sid,
        ]);
        await sleep(CROSSED_MS);
        await lockStock(session, stage.sid);
      }),
  },
];

/** The work in transactions, one after the other, until it is called off. */
function repeat(
  { system, print }: Stage,
  sessions: number,
  work: (session: Session) => Promise<void>,
): () => Promise<void> {
  const mysql = connectMysql({
    url: system.mysqlAdminUrl,
    maxConnections: sessions + 1,
    acquireDeadlineMs: STATEMENT_MS,
  });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  let isOver = false;
  let done = 0;
  const deadlocksBefore = countDeadlocks(database);
  deadlocksBefore.catch(() => undefined);
  const run = async () => {
    while (!isOver) {
      try {
        await database.transaction(async (session) => {
          await session.change('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
          await session.change('COMMIT');
          await session.change('BEGIN');
          await work(session);
        });
        done += 1;
      } catch {
        // Deadlocks are what it is here for; the database chooses whom it undoes.
      }
      await sleep(FREE_MS);
    }
  };
  const running = Array.from({ length: sessions }, run);
  return async () => {
    isOver = true;
    await Promise.all(running);
    const deadlocks = (await countDeadlocks(database)) - (await deadlocksBefore);
    await mysql.destroy();
    print(`  ${done} side transactions, ${deadlocks} deadlocks`);
  };
}

/** Of the whole server, since its start. MariaDB counts them; MySQL has no such figure, and says 0 here. */
async function countDeadlocks(database: Database): Promise<number> {
  const sql = `SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'`;
  const rows = await database.session((session) => session.rows<{ Value: string }>(sql));
  return Number(rows[0]?.Value ?? 0);
}
