import { createDraw } from '../../../../db/draws/create-draw.ts';
import { createDatabase } from '../../../../db/mysql/database.ts';
import type { EntryPlan, PlannedEntrant } from '../plans/plan-entries.ts';
import { type SimulatedEntries, simulatedBytes } from '../processes/take-simulated-entries.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import type { Fields } from '../servers/database/evaluate-expression.ts';
import { SIMULATED_DRAW_KEY } from '../world/simulated-key.ts';
import { createSimulatedProcess } from '../world/simulated-process.ts';
import { payOrCancel } from './act-as-buyer.ts';
import type { ActorOptions } from './actor-options.ts';
import { callProcess } from './call-process.ts';

const AGAIN_MS = 250;
/** No entry comes so late that the run could end before it. */
const JOINS_UNTIL_MS = 500;
const DUPLICATE_KEY = 1062;

/** Enters, leaves, and uses the offers that come. Each call is repeated until it has an answer. */
export function actAsEntrants(options: ActorOptions, plan: EntryPlan, isOver: () => boolean): void {
  const { world, sale } = options;
  const { sid, mode } = plan;
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
  const calls = callProviders(options, plan);
  if (mode !== 'rush') untilDone('the draw is created', never, drawCreator(options, plan));
  for (const { buyer, joinsAtMs, leavesAtMs } of plan.entrants) {
    world.time.after(joinsAtMs, () => untilDone(`${buyer} enters`, isLate, () => calls.enter(buyer)));
    if (leavesAtMs === null) continue;
    const leave = () => calls.leave(buyer);
    world.time.after(leavesAtMs, () => untilDone(`${buyer} leaves stock ${sid}`, never, leave));
  }
  useOffers(options, plan, isOver);
}

/** The administrator's draw, with the times of the plan. */
function drawCreator({ world, servers }: ActorOptions, plan: EntryPlan): () => Promise<boolean> {
  const process = createSimulatedProcess(world.time, 'draw creator');
  const pool = createDatabasePool(world, process, servers.database, { maxConnections: 1, idleMs: 3000 });
  const database = createDatabase({ mysql: pool, statementMs: 2000 });
  const entriesOpenAtMs = servers.database.nowMs();
  const { sid, count } = plan;
  const draw = { sid, count, entriesOpenAtMs, entriesCloseAtMs: entriesOpenAtMs + Math.floor(plan.closesAtMs) };
  const randomBytes = (size: number) => simulatedBytes(world.random, size);
  const rest = { beacon: null, drawKey: SIMULATED_DRAW_KEY, randomBytes };
  return () =>
    database
      .transaction((transaction) => createDraw(transaction, { ...draw, ...rest }))
      .then(
        () => true,
        ({ errno }: { errno?: number }) => errno === DUPLICATE_KEY,
      );
}

/** Calls any provider, and compares its answer with the rows. False: no answer, or too early. */
function callProviders({ world, servers, checks, processes }: ActorOptions, { sid, mode }: EntryPlan) {
  const call = async <T>(work: (entries: SimulatedEntries) => Promise<T>): Promise<T | null> => {
    const provider = world.random.pick(processes.providers());
    if (world.random.chance(world.faults.callLost)) return null;
    const answer = await callProcess(world, provider, ({ entries }) => work(entries as SimulatedEntries));
    return world.random.chance(world.faults.callAnswerLost) ? null : answer;
  };
  const rowOf = (buyer: string) =>
    servers.database.rowsOf('entry').find((entry) => entry.sid === sid && entry.buyer === buyer);
  return {
    async enter(buyer: string): Promise<boolean> {
      const [taken] = (await call((entries) => entries.take(sid, buyer))) ?? [];
      switch (taken?.outcome) {
        case 'ENTERED':
        case 'KNOWN':
          if (!rowOf(buyer)) checks.fail('an answered entry is stored', buyer);
          return true;
        case 'CLOSED':
          return mode === 'draw';
        default:
          return false;
      }
    },
    async leave(buyer: string): Promise<boolean> {
      const left = await call((entries) => entries.leave(sid, buyer));
      if (left?.outcome === 'LEFT' && rowOf(buyer)?.state === 'offered') {
        checks.fail('a buyer who left gets no offer', buyer);
      }
      return left !== null;
    },
  };
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
