import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../../db/mysql/database.ts';
import { createStock } from '../../../command/create-stock.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 4000;
const UNITS = 5;
const CLICK_EVERY_MS = 200;
const HOUR_MS = 3_600_000;

/** Another stock, which opens at this time of the database's clock. */
type UpcomingStock = { sid: number; opensAtMs: number };
/** `during`: opens during the fault; `later`: long after it. */
type Opening = { later: UpcomingStock; during: UpcomingStock };

/** By the stock of the sale, for the check after it. */
const openingOf = new Map<number, Opening>();

/** MySQL is silent while a sale opens. */
export const openingFaults: Fault[] = [
  {
    name: 'frozen-mysql-at-opening',
    what: 'MySQL is silent for 4 s; one stock opens during that time and another in an hour, and buyers click both',
    // Neither decisions nor rows can be read during the fault, so errors have no limit until its end.
    lastsMs: LASTS_MS,
    bounds: { errorsEndAfterHealMs: 5000, recoverMs: 10_000 },
    calmSeconds: 15,
    alarm: { name: 'MySQLDown' },
    async inject(stage) {
      const { links } = stage.system;
      const opening = await createStocks(stage);
      openingOf.set(stage.sid, opening);
      // The consumers and providers know both stocks before MySQL goes silent.
      await clickBoth(stage, opening, 0);
      const silent = (['provider-mysql', 'order-worker-mysql'] as const).map((name) => links.of(name));
      for (const link of silent) link.blackHole('all');
      const clicking = clickUntil(stage, opening, performance.now() + LASTS_MS);
      clicking.catch(() => undefined);
      return async () => {
        for (const link of silent) link.restore();
        await clicking;
      };
    },
    check: checkOpening,
  },
];

async function createStocks({ database, sid }: Stage): Promise<Opening> {
  const nowMs = await readDatabaseMs(database);
  const later = { sid: sid + 500_000, opensAtMs: nowMs + HOUR_MS };
  const during = { sid: sid + 600_000, opensAtMs: nowMs + LASTS_MS / 2 };
  for (const { sid: of, opensAtMs } of [later, during]) {
    await createStock(database, { sid: of, name: 'An opening', count: UNITS, opensAtMs });
  }
  return { later, during };
}

async function readDatabaseMs(database: Database): Promise<number> {
  const [row] = await database.session((session) => session.rows<{ now: Date }>('SELECT NOW(3) AS now'));
  return row?.now.getTime() ?? 0;
}

async function clickUntil(stage: Stage, opening: Opening, untilMs: number): Promise<void> {
  const clicks: Promise<void>[] = [];
  for (let round = 1; performance.now() < untilMs; round += 1) {
    clicks.push(clickBoth(stage, opening, round));
    await sleep(CLICK_EVERY_MS);
  }
  await Promise.all(clicks);
}

/** One more buyer for each of the two stocks. */
async function clickBoth({ system, load }: Stage, { later, during }: Opening, round: number): Promise<void> {
  await Promise.all(
    [later, during].map(async ({ sid }) => {
      const token = await system.createToken(`early-${sid}-${round}`, 'buyer');
      await load.client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, token });
    }),
  );
}

/** No unit is sold before the opening. */
async function checkOpening({ database, sid }: Stage): Promise<string[]> {
  const opening = openingOf.get(sid);
  if (!opening) return ['no upcoming stock was created'];
  const sql = `SELECT o.sid, COUNT(*) AS n FROM stock_order o JOIN stock s ON s.id = o.sid
    WHERE o.sid IN (?) AND o.live = 1 AND (o.create_time < s.opens_at OR o.judged_at < s.opens_at) GROUP BY o.sid`;
  const sids = [opening.later.sid, opening.during.sid];
  const early = await database.session((session) => session.rows<{ sid: number; n: number }>(sql, [sids]));
  return early.map(({ sid: of, n }) => `${n} units of stock ${of} were sold before it opened`);
}
