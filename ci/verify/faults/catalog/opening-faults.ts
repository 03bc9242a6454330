import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../../db/mysql/database.ts';
import { insertStock } from '../../../../db/stocks/stock-table.ts';
import type { Fault, Stage } from './fault.ts';

const LASTS_MS = 4000;
const UNITS = 5;
const CLICK_EVERY_MS = 200;
const HOUR_MS = 3_600_000;

/** A stock beside the sale, and when it opens on the database's clock. */
type Upcoming = { sid: number; opensAtMs: number };
type Opening = { later: Upcoming; meanwhile: Upcoming };

/** What was opened beside each sale, for the check in the end. */
const openingOf = new Map<number, Opening>();

/** MySQL is silent when a sale is about to open. */
export const openingFaults: Fault[] = [
  {
    name: 'frozen-mysql-at-opening',
    what: 'MySQL is silent for 4 s: one stock opens in the middle of it, another in an hour, and buyers click both all the time',
    // Neither the log's decisions nor the rows can be read meanwhile: nothing is asked of the answers.
    lastsMs: LASTS_MS,
    bounds: { errorsEndAfterHealMs: 5000, recoverMs: 10_000 },
    calmSeconds: 15,
    async inject(stage) {
      const { links } = stage.system;
      const opening = await makeStocks(stage);
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

async function makeStocks({ database, sid }: Stage): Promise<Opening> {
  const nowMs = await readDatabaseMs(database);
  const later = { sid: sid + 500_000, opensAtMs: nowMs + HOUR_MS };
  const meanwhile = { sid: sid + 600_000, opensAtMs: nowMs + LASTS_MS / 2 };
  for (const { sid: of, opensAtMs } of [later, meanwhile]) {
    const terms = { kind: 'sale', currency: 'CNY', priceCents: 1999, closesAtMs: null, paused: false } as const;
    await database.session((session) =>
      insertStock(session, { sid: of, name: 'An opening', count: UNITS, opensAtMs, ...terms }),
    );
  }
  return { later, meanwhile };
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

/** One buyer more for each of the two. */
async function clickBoth({ system, load }: Stage, { later, meanwhile }: Opening, round: number): Promise<void> {
  await Promise.all(
    [later, meanwhile].map(async ({ sid }) => {
      const token = await system.createToken(`early-${sid}-${round}`, 'buyer');
      await load.client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, token });
    }),
  );
}

/** Nothing is sold before its opening. */
async function checkOpening({ database, sid }: Stage): Promise<string[]> {
  const opening = openingOf.get(sid);
  if (!opening) return ['no stock was made'];
  const sql = `SELECT o.sid, COUNT(*) AS n FROM stock_order o JOIN stock s ON s.id = o.sid
    WHERE o.sid IN (?) AND o.live = 1 AND (o.create_time < s.opens_at OR o.judged_at < s.opens_at) GROUP BY o.sid`;
  const sids = [opening.later.sid, opening.meanwhile.sid];
  const early = await database.session((session) => session.rows<{ sid: number; n: number }>(sql, [sids]));
  return early.map(({ sid: of, n }) => `${n} units of stock ${of} were sold before it opened`);
}
