import { quicknet } from '../../../../proto/draws/quicknet.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import { sendSteadily } from '../../releases/send-steadily.ts';
import { answerOffers } from '../draws/answer-offers.ts';
import { breakOffers, drawPaused, waitUntilDrawn } from '../draws/break-offers.ts';
import { checkDrawSale } from '../draws/check-draw-sale.ts';
import { checkRenewed } from '../draws/check-renewed.ts';
import { closeEntries, createDrawSale, type NewDrawSale, readDraw } from '../draws/create-draw-sale.ts';
import type { DrawSale } from '../draws/draw-stage.ts';
import { enterOverApi } from '../draws/enter-over-api.ts';
import { killInClosing } from '../draws/kill-in-closing.ts';
import { killInDraw } from '../draws/kill-in-draw.ts';
import { killInVoid } from '../draws/kill-in-void.ts';
import {
  findNewcomers,
  giveBack,
  payRest,
  type SoldOutRush,
  sellOutRush,
  tryWithoutEntry,
} from '../draws/sell-out-rush.ts';
import { loseBeacon, pastRound, restoreBeacon, stateBeforeRound } from '../draws/state-before-round.ts';
import { flushRedis } from '../system/flush-redis.ts';
import { signalProcess } from '../system/signal-process.ts';
import { type EmptyStage, type Fault, type Heal, LATE_LOG_ERRORS, type Stage } from './fault.ts';

/** So many entries need several pages for the statement and for the places. */
const MANY = { overApi: 500, directly: 20_000 };
const FEW = { overApi: 100, directly: 1000 };
const FEW_UNITS = 20;
const OFFERED_UNITS = 60;
const RUSH_UNITS = 30;
const JOINERS = 150;
const NEWCOMERS_PER_SECOND = 20;
const REDIS_AWAY_MS = 6000;
const FROZEN_MS = 8000;
/** A worker must state the entries within 5 minutes. */
const LATE_MS = 5.5 * 60_000;
/** Ids of draws, above those of the stocks of the load. */
const DRAW_SIDS = 700_000;
const SECOND_DRAW_SIDS = 800_000;
const MAX_NEWCOMERS = 1000;
/** The steps before the fault take some of them. */
const CALM_SECONDS = 15;
const CLOSED_LIMIT_MS = 30_000;

const WORKER_AWAY = { name: 'ProcessRestarted', or: 'ProcessDown' };
const HEALED = () => undefined;

/** The draw or line of a fault, by the stock of its load. */
const saleOf = new Map<number, DrawSale>();
const rushOf = new Map<number, SoldOutRush>();
const answeringOf = new Map<number, () => Promise<void>>();

/** Faults while entries are closed, drawn and offered units. The load buys another stock meanwhile. */
export const drawFaults: Fault[] = [
  {
    name: 'kill-worker-in-closing',
    what: 'kill -9 of the order-worker that has closed the entries of a draw, before its statement, while buyers enter',
    alarm: WORKER_AWAY,
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    // The draw goes on when the claim of the dead worker has ended, 30 s later.
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: (stage) => prepareDraw(stage, { units: FEW_UNITS, ...MANY }),
    inject: (stage) => killInClosing(stage, readSale(stage)),
    check: checkDraw,
  },
  {
    name: 'kill-worker-in-draw',
    what: 'kill -9 of the order-worker that writes the places of a draw, when some are written',
    alarm: WORKER_AWAY,
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: (stage) => prepareDraw(stage, { units: FEW_UNITS, ...MANY }),
    inject: (stage) => killInDraw(stage, readSale(stage)).then(() => HEALED),
    check: checkDraw,
  },
  {
    name: 'kill-worker-in-offers',
    what: 'kill -9 of an order-worker in the middle of a transaction that makes offers, while unpaid units go from place to place',
    alarm: WORKER_AWAY,
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: prepareOffers,
    inject: (stage) =>
      injectInOffers(stage, { both: true }, () => signalProcess(stage.system, 'order-worker-1', 'SIGKILL')),
    check: checkOffers,
  },
  {
    name: 'freeze-mysql-in-offers',
    what: 'SIGSTOP of MySQL for 8 s in the middle of a transaction that makes offers',
    alarm: { name: 'MySQLDown' },
    lastsMs: FROZEN_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 3000, recoverMs: 10_000 },
    prepare: prepareOffers,
    inject: (stage) => injectInOffers(stage, { both: false }, () => signalProcess(stage.system, 'mariadb', 'SIGSTOP')),
    check: checkOffers,
  },
  {
    name: 'kill-mysql-in-offers',
    what: 'kill -9 of MySQL in the middle of a transaction that makes offers',
    alarm: { none: 'it is back within half a second' },
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    bounds: { orderErrors: LATE_LOG_ERRORS, errorsEndAfterHealMs: 8000, recoverMs: 15_000 },
    prepare: prepareOffers,
    inject: (stage) => injectInOffers(stage, { both: false }, () => signalProcess(stage.system, 'mariadb', 'SIGKILL')),
    check: checkOffers,
  },
  {
    name: 'lose-redis-in-line',
    what: 'Redis loses its data and is away for 6 s while a line waits; units return, and buyers without an entry order',
    alarm: { name: 'RedisDown' },
    lastsMs: REDIS_AWAY_MS,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    async prepare(stage) {
      rushOf.set(stage.sid, await sellOutRush(stage, stage.sid + DRAW_SIDS, RUSH_UNITS));
    },
    inject: loseRedis,
    check: checkLine,
  },
  {
    name: 'late-beacon',
    what: 'the beacon of a draw is away, and then answers late; another draw, without a beacon, goes on meanwhile',
    alarm: { name: 'DrawStuck' },
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    // The load does not need the beacon.
    bounds: { errorsEndMs: 0 },
    async prepare(stage) {
      await prepareDraw(stage, { units: FEW_UNITS, ...FEW, ...pastRound });
      loseBeacon(stage.system.beacon);
      await stateBeforeRound(stage, readSale(stage));
    },
    inject: delayBeacon,
    check: checkBeaconDraw,
  },
  {
    name: 'void-draw',
    what: 'entries are closed too late for the beacon, and kill -9 of the order-worker that gives them to the next attempt',
    alarm: WORKER_AWAY,
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: (stage) =>
      prepareDraw(stage, { units: FEW_UNITS, ...MANY, beacon: quicknet, entriesCloseAtMs: Date.now() - LATE_MS }),
    inject: (stage) => killInVoid(stage, readSale(stage)).then(() => HEALED),
    check: (stage) => checkRenewed(stage, readSale(stage)),
  },
];

async function prepareDraw(stage: EmptyStage, plan: Omit<NewDrawSale, 'sid'>): Promise<void> {
  const sid = stage.sid + DRAW_SIDS;
  saleOf.set(stage.sid, await createDrawSale(stage, { sid, ...plan }));
}

function readSale({ sid }: Pick<Stage, 'sid'>): DrawSale {
  const sale = saleOf.get(sid);
  if (!sale) throw new Error('no draw was prepared');
  return sale;
}

function readRush({ sid }: Stage): SoldOutRush {
  const rush = rushOf.get(sid);
  if (!rush) throw new Error('no rush was prepared');
  return rush;
}

async function prepareOffers(stage: EmptyStage): Promise<void> {
  await prepareDraw(stage, { units: OFFERED_UNITS, ...FEW, paused: true });
  await drawPaused(stage, readSale(stage));
}

async function injectInOffers(stage: Stage, { both }: { both: boolean }, breakNow: () => Heal) {
  let heal: Heal = () => undefined;
  const breakIt = () => {
    heal = breakNow();
  };
  answeringOf.set(stage.sid, await breakOffers(stage, readSale(stage), { both, breakIt }));
  return heal;
}

async function checkOffers(stage: Stage): Promise<string[]> {
  await answeringOf.get(stage.sid)?.();
  return checkDrawSale(stage, readSale(stage));
}

async function loseRedis(stage: Stage) {
  const { system, print } = stage;
  const rush = readRush(stage);
  await enterOverApi(stage, rush.sale, JOINERS);
  await flushRedis(system);
  await system.supervisor.halt('redis');
  let tries = 0;
  const newcomers = sendSteadily(NEWCOMERS_PER_SECOND, MAX_NEWCOMERS, async (index) => {
    tries += 1;
    await tryWithoutEntry(stage, rush, index);
  });
  const returning = giveBack(stage, rush);
  returning.catch(() => undefined);
  return async () => {
    await system.supervisor.replace('redis');
    await returning;
    await newcomers.stop();
    print(`  ${rush.sale.entered.size} joined the line; ${tries} orders without an entry`);
  };
}

async function checkLine(stage: Stage): Promise<string[]> {
  const rush = readRush(stage);
  await payRest(stage, rush);
  await answerOffers(stage, rush.sale);
  return [...rush.wrong, ...(await findNewcomers(stage, rush)), ...(await checkDrawSale(stage, rush.sale))];
}

async function delayBeacon(stage: Stage) {
  const { beacon } = stage.system;
  const wasAsked = () => {
    if (beacon.asked() === 0) throw new Error('not yet');
  };
  await waitUntil('the beacon to be asked', wasAsked, { limitMs: CLOSED_LIMIT_MS });
  const sid = stage.sid + SECOND_DRAW_SIDS;
  const other = await createDrawSale(stage, { sid, units: FEW_UNITS, ...FEW });
  await closeEntries(stage, other);
  await waitUntilDrawn(stage, sid);
  const { state } = await readDraw(stage, readSale(stage).sid);
  if (state !== 'stated') throw new Error(`without its beacon the draw is ${state}`);
  restoreBeacon(beacon);
  return HEALED;
}

async function checkBeaconDraw(stage: Stage): Promise<string[]> {
  const sale = readSale(stage);
  await waitUntilDrawn(stage, sale.sid);
  await answerOffers(stage, sale);
  return checkDrawSale(stage, sale, []);
}

async function checkDraw(stage: Stage): Promise<string[]> {
  const sale = readSale(stage);
  await answerOffers(stage, sale);
  return checkDrawSale(stage, sale);
}
