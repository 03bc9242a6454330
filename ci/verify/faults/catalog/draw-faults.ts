import { waitUntil } from '../../../command/wait-until.ts';
import { sendSteadily } from '../../releases/send-steadily.ts';
import { answerOffers } from '../draws/answer-offers.ts';
import { checkDrawSale } from '../draws/check-draw-sale.ts';
import { closeEntries, createDrawSale, type NewDrawSale, readDraw } from '../draws/create-draw-sale.ts';
import type { DrawSale } from '../draws/draw-stage.ts';
import { enterOne } from '../draws/enter-over-api.ts';
import { findDrawer } from '../draws/find-drawer.ts';
import { type HeldRows, holdRows, waitForWaiters } from '../draws/hold-rows.ts';
import { signalProcess } from '../system/signal-process.ts';
import type { EmptyStage, Fault, Stage } from './fault.ts';

/** So many entries need several pages for the statement and for the places. */
const MANY = { overApi: 500, directly: 20_000 };
const FEW_UNITS = 20;
const ENTRANTS_PER_SECOND = 50;
const MAX_ENTRANTS = 1000;
/** The steps before the fault take some of them. */
const CALM_SECONDS = 15;
const CLOSED_LIMIT_MS = 30_000;

/** The draw or line of a fault, by the stock of its load. */
const saleOf = new Map<number, DrawSale>();

/** Faults while entries are closed, drawn and offered units. The load buys another stock meanwhile. */
export const drawFaults: Fault[] = [
  {
    name: 'kill-worker-in-closing',
    what: 'kill -9 of the order-worker that has closed the entries of a draw, before its statement, while buyers enter',
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    // The draw goes on when the claim of the dead worker has ended, 30 s later.
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: (stage) => prepareDraw(stage, { units: FEW_UNITS, ...MANY }),
    inject: killInClosing,
    check: checkDraw,
  },
  {
    name: 'kill-worker-in-draw',
    what: 'kill -9 of the order-worker that writes the places of a draw, when some are written',
    lastsMs: 0,
    calmSeconds: CALM_SECONDS,
    bounds: { errorsEndMs: 0, pauseMs: 3000, recoverMs: 5000 },
    prepare: (stage) => prepareDraw(stage, { units: FEW_UNITS, ...MANY }),
    inject: killInDraw,
    check: checkDraw,
  },
];

async function prepareDraw(stage: EmptyStage, plan: Omit<NewDrawSale, 'sid'>): Promise<void> {
  const sid = stage.sid + 700_000;
  saleOf.set(stage.sid, await createDrawSale(stage, { sid, ...plan }));
}

function readSale({ sid }: Pick<Stage, 'sid'>): DrawSale {
  const sale = saleOf.get(sid);
  if (!sale) throw new Error('no draw was prepared');
  return sale;
}

async function killInClosing(stage: Stage) {
  const { system, print } = stage;
  const sale = readSale(stage);
  // Those before were caused by a busy machine.
  sale.failures = 0;
  const entering = sendSteadily(ENTRANTS_PER_SECOND, MAX_ENTRANTS, () => enterOne(stage, sale));
  await closeEntries(stage, sale);
  const held = await holdClosed(stage, sale);
  const drawer = await findDrawer(stage, sale.sid, 'closed');
  signalProcess(system, drawer, 'SIGKILL');
  await held.release();
  await waitUntil(
    'an entrant to be refused',
    () => {
      if (sale.refused.size === 0) throw new Error(`${sale.entered.size} entered`);
    },
    { limitMs: CLOSED_LIMIT_MS },
  );
  print(`  ${drawer} was killed; ${sale.entered.size} entries, ${sale.refused.size} came too late`);
  return async () => {
    await entering.stop();
    if (sale.failures > 0) throw new Error(`${sale.failures} requests to enter failed`);
  };
}

/** Resolves when the entries are closed, and holds the draw's row, as an entrant does, so that no statement is stored. */
async function holdClosed({ database }: Stage, { sid }: DrawSale): Promise<HeldRows<unknown>> {
  const untilMs = performance.now() + CLOSED_LIMIT_MS;
  const sql = 'SELECT state FROM draw WHERE sid = ? LOCK IN SHARE MODE';
  let held = await holdRows<{ state: string }>(database, sql, [sid]);
  while (held.rows[0]?.state === 'taking') {
    if (performance.now() > untilMs) throw new Error('entries were not closed');
    // Closing waits for the row, and this lock waits for closing.
    const next = holdRows<{ state: string }>(database, sql, [sid]);
    await held.release();
    held = await next;
  }
  if (held.rows[0]?.state === 'closed') return held;
  await held.release();
  throw new Error(`the draw is already ${held.rows[0]?.state}`);
}

async function killInDraw(stage: Stage) {
  const { system, database, print } = stage;
  const sale = readSale(stage);
  const middle = [...sale.entered.values()].sort()[Math.floor(sale.entered.size / 2)] ?? '';
  const sql = 'SELECT buyer FROM entry WHERE sid = ? AND entry_id = ? FOR UPDATE';
  const held = await holdRows(database, sql, [sale.sid, Buffer.from(middle, 'hex')]);
  await closeEntries(stage, sale);
  await waitForWaiters(database, 'UPDATE JSON_TABLE(%');
  const drawer = await findDrawer(stage, sale.sid, 'stated');
  signalProcess(system, drawer, 'SIGKILL');
  const placed = await countPlaces(stage, sale);
  const { state } = await readDraw(stage, sale.sid);
  await held.release();
  if (state !== 'stated' || placed === 0) throw new Error(`the draw was ${state} with ${placed} places`);
  print(`  ${drawer} was killed; ${placed} of ${sale.entered.size} places were written`);
  return () => undefined;
}

async function countPlaces({ database }: Stage, { sid }: DrawSale): Promise<number> {
  const sql = 'SELECT COUNT(*) AS n FROM entry WHERE sid = ? AND place IS NOT NULL';
  const [row] = await database.session((session) => session.rows<{ n: number }>(sql, [sid]));
  return Number(row?.n ?? 0);
}

async function checkDraw(stage: Stage): Promise<string[]> {
  const sale = readSale(stage);
  await answerOffers(stage, sale);
  return checkDrawSale(stage, sale);
}
