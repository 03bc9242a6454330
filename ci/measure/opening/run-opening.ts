import path from 'node:path';
import { createStock } from '../../command/create-stock.ts';
import type { BenchAudit } from '../bench/audit-bench.ts';
import { writeTokens } from '../bench/generators/write-tokens.ts';
import { type Burst, measureBurst } from './measure-burst.ts';
import { restartBare, restartSystem } from './restart-processes.ts';
import { type OpeningFigure, summarizeBursts } from './summarize-bursts.ts';
import { waitUntilIdle } from './wait-until-idle.ts';
import { type ClickContext, warmClicks } from './with-click-context.ts';

export type OpeningOptions = {
  rounds: number;
  buyers: number;
  spreadMs: number;
};

export type Variants = { cold: OpeningFigure; warm: OpeningFigure; bare: OpeningFigure };
export type OpeningResult = {
  environment: Record<string, unknown>;
  rounds: number;
  buyers: number;
  spreadMs: number;
  /** Two of each process; undefined for a quick run. */
  opening?: Variants;
  /** One of each process. */
  openingOfOne: Variants;
  audit: BenchAudit;
};

export const MAX_BUYERS = 100_000;
const FIRST_SID = 3_000_001;
/** The second burst warms up too. */
const BURSTS = 3;
const DEADLINE_MS = 10_000;
/** Below the sum of nginx's workers (8192 each, of which half are upstream), and below the number of ports. */
const MAX_CONNECTIONS = 16_000;

/** Rounds on a running system; each restarts all processes, so that the first burst meets cold ones and the third meets warm ones. */
export async function runOpening(context: ClickContext, dir: string, options: OpeningOptions): Promise<Variants> {
  const { system, database, print } = context;
  const { rounds, buyers, spreadMs } = options;
  const tokens = await writeTokens(path.join(dir, 'tokens'), system.secrets.JWT_SECRET, rounds * BURSTS * buyers);
  const bursts = { cold: [] as Burst[], warm: [] as Burst[], bare: [] as Burst[] };
  let nextSid = FIRST_SID;
  const send = async (target: 'system' | 'bare', firstLine: number): Promise<Burst> => {
    // Plenty of units, so that no burst has to refuse.
    const sid = await createStock(database, { sid: nextSid++, name: 'Opening', count: 2 * buyers });
    await waitUntilIdle(system);
    const load = { clicks: buyers, spreadMs, deadlineMs: DEADLINE_MS, maxConnections: MAX_CONNECTIONS };
    return measureBurst({ ...context, tokens }, { ...load, target, sid, firstLine });
  };
  await warmClicks(context, tokens);
  for (let round = 0; round < rounds; round += 1) {
    const firstLine = round * BURSTS * buyers;
    await restartSystem(system.supervisor);
    bursts.cold.push(await send('system', firstLine));
    for (let burst = 1; burst < BURSTS; burst += 1) {
      const warmer = await send('system', firstLine + burst * buyers);
      if (burst === BURSTS - 1) bursts.warm.push(warmer);
    }
    await restartBare(system.supervisor);
    // Fresh processes know no token, so the same buyers can come.
    bursts.bare.push(await send('bare', firstLine));
    const last = (list: Burst[]) => `${list.at(-1)?.p50Ms} and ${list.at(-1)?.p99Ms}`;
    const { cold, warm, bare } = bursts;
    print(
      `· round ${round + 1} of ${rounds}, p50 and p99 ms: cold ${last(cold)}, warm ${last(warm)}, bare ${last(bare)}`,
    );
  }
  return {
    cold: summarizeBursts(bursts.cold),
    warm: summarizeBursts(bursts.warm),
    bare: summarizeBursts(bursts.bare),
  };
}
