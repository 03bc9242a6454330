import { insertDrawEvent } from '../../../../db/draws/draw-event-table.ts';
import { createDatabase, type Database, type Transaction } from '../../../../db/mysql/database.ts';
import { repeatTransaction } from '../../../../db/mysql/repeat-transaction.ts';
import type { EntryPlan, PlannedEntrant } from '../plans/plan-entries.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import { createSimulatedProcess } from '../world/simulated-process.ts';
import { payOrCancel } from './act-as-buyer.ts';
import type { ActorOptions } from './actor-options.ts';

const AGAIN_MS = 250;
/** No entry comes so late that the run could end before it. */
const JOINS_UNTIL_MS = 500;
const ATTEMPT = 1;
/** What the events of a draw name. */
const STATED = { entry_count: 0, root: '', statement: '' };

/** The rows of a draw, before anything happens. A rush has none until its line opens. */
export function insertDraw({ world, servers: { database } }: ActorOptions, plan: EntryPlan): void {
  if (plan.mode === 'rush') return;
  const first = plan.entrants.filter(({ joinsAtMs }) => joinsAtMs === null);
  const { sid } = plan;
  database.insert('draw', { ...STATED, sid, attempt: ATTEMPT, state: 'stated', last_place: first.length });
  for (const [i, { buyer }] of first.entries()) {
    database.insert('entry', { sid, entry_id: buyer, attempt: ATTEMPT, buyer, place: i + 1 });
  }
  world.trace.add(() => `draw of ${sid}: ${first.map(({ buyer }) => buyer).join(', ')}`);
}

/** Draws, joins, leaves, and uses the offers that come. Each change is repeated until the database has it. */
export function actAsEntrants(options: ActorOptions, plan: EntryPlan, isOver: () => boolean): void {
  const { world, servers, sale } = options;
  const process = createSimulatedProcess(world.time, 'entrants');
  const pool = createDatabasePool(world, process, servers.database, { maxConnections: 4, idleMs: 3000 });
  const database = createDatabase({ mysql: pool, statementMs: 2000 });
  const pace = { clock: process.clock, random: world.random.next };

  const untilDone = (what: string, isLate: () => boolean, work: () => Promise<boolean>): void => {
    if (isOver() || isLate()) return;
    const again = () => untilDone(what, isLate, work);
    work().then(
      (done) => {
        world.trace.add(() => `${what}: ${done ? 'done' : 'not yet'}`);
        if (!done) world.time.after(AGAIN_MS, again);
      },
      () => world.time.after(AGAIN_MS, again),
    );
  };
  const isLate = () => world.time.nowMs() > sale.stormMs + JOINS_UNTIL_MS;
  const never = () => false;
  world.time.after(plan.drawnAtMs, () => untilDone('draw', never, () => giveDraw(database, plan.sid)));
  for (const { buyer, joinsAtMs, leavesAtMs } of plan.entrants) {
    const join = () => repeatTransaction(database, (transaction) => enter(transaction, plan, buyer), pace);
    if (joinsAtMs !== null) world.time.after(joinsAtMs, () => untilDone(`${buyer} joins`, isLate, join));
    if (leavesAtMs === null) continue;
    world.time.after(leavesAtMs, () => untilDone(`${buyer} leaves`, never, () => leave(database, plan.sid, buyer)));
  }
  useOffers(options, plan, isOver);
}

async function giveDraw(database: Database, sid: number): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const changed = await transaction.change(`UPDATE draw SET state = 'drawn' WHERE sid = ? AND state = 'stated'`, [
      sid,
    ]);
    if (changed === 1) await insertDrawEvent(transaction, { sid, attempt: ATTEMPT }, 'drawn');
    return true;
  });
}

async function leave(database: Database, sid: number, buyer: string): Promise<boolean> {
  await database.session((session) =>
    session.change(
      `UPDATE entry SET state = 'left', ended_at = NOW(3) WHERE sid = ? AND buyer = ? AND state = 'waiting'`,
      [sid, buyer],
    ),
  );
  return true;
}

/** False: no line can be joined yet. */
async function enter(transaction: Transaction, plan: EntryPlan, buyer: string): Promise<boolean> {
  const { sid, mode } = plan;
  const known = await transaction.rows('SELECT state FROM entry WHERE sid = ? AND buyer = ?', [sid, buyer]);
  if (known.length > 0) return transaction.rollBack(true);
  if (mode === 'rush' && !(await openLine(transaction, sid))) return transaction.rollBack(false);
  const [draw] = await transaction.rows<{ attempt: number; lastPlace: number }>(
    `SELECT attempt, last_place AS lastPlace FROM draw WHERE sid = ? AND state = 'drawn' AND ended_at IS NULL FOR UPDATE`,
    [sid],
  );
  if (!draw) return transaction.rollBack(false);
  const { attempt, lastPlace } = draw;
  await transaction.change('INSERT INTO entry (sid, entry_id, attempt, buyer, place) VALUES (?, ?, ?, ?, ?)', [
    ...[sid, buyer, attempt, buyer, lastPlace + 1],
  ]);
  await transaction.change('UPDATE draw SET last_place = last_place + 1 WHERE sid = ? AND attempt = ?', [sid, attempt]);
  return true;
}

/** As db/offers/open-line.ts, with a draw that is drawn at once. */
async function openLine(transaction: Transaction, sid: number): Promise<boolean> {
  const [stock] = await transaction.rows<{ count: number; sale: number; offersOnly: number }>(
    'SELECT count, sale, offers_only AS offersOnly FROM stock WHERE id = ? FOR UPDATE',
    [sid],
  );
  if (!stock) return false;
  if (stock.offersOnly === 1) return true;
  if (stock.sale < stock.count) return false;
  await transaction.change('UPDATE stock SET offers_only = 1, version = version + 1 WHERE id = ?', [sid]);
  const draws = await transaction.rows('SELECT attempt FROM draw WHERE sid = ?', [sid]);
  await transaction.change(
    'INSERT INTO draw (sid, attempt, state, entry_count, root, statement) VALUES (?, ?, ?, ?, ?, ?)',
    [sid, draws.length + 1, 'drawn', ...Object.values(STATED)],
  );
  return true;
}

/** The buyer of an offer pays, cancels or forgets it. */
function useOffers({ world, servers, sale, checks, processes }: ActorOptions, plan: EntryPlan, isOver: () => boolean) {
  const gateway = sale.gateway && { plan: sale.gateway, servers };
  const options = { world, checks, consumers: processes.consumers, isOver, gateway };
  const use = (order: Fields, entrant: PlannedEntrant): void => {
    const { afterwards, afterMs, payingMs, buyer } = entrant;
    const habits = { name: buyer, afterwards, afterMs, payingMs, paymentTickMs: sale.paymentTickMs };
    payOrCancel(options, habits, { orderNo: String(order.order_no), sid: plan.sid, buyer }).catch((error: unknown) =>
      checks.fail('every buyer is answered', `${buyer}: ${(error as Error).stack}`),
    );
  };
  servers.database.onCommit((changes) => {
    for (const { table, before, after } of changes) {
      if (table !== 'stock_order' || before || after?.decided_by !== 'offer') continue;
      const entrant = plan.entrants.find(({ buyer }) => buyer === after.buyer);
      if (entrant) world.time.after(0, () => use(after, entrant));
    }
  });
}
