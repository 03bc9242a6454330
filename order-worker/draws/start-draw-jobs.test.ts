import t from 'tap';
import { createDueDraws } from '../../ci/testing/draws/create-due-draws.ts';
import { TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { createDatabase } from '../../db/mysql/database.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { Beacon } from './fetch-beacon.ts';
import { startDrawJobs } from './start-draw-jobs.ts';

const { url, mysql } = await createTestDatabase(t);
const database = createDatabase({ mysql: createPool(t, url), statementMs: 5000 });
const { createDueDraw, makeDue, readDraw } = createDueDraws(mysql, database);
const MINUTE_MS = 60_000;
const beacon: Beacon = {
  chain: 'ab'.repeat(32),
  genesisMs: 0,
  periodMs: 3000,
  readSignature: (_, signature) => signature,
};

t.test('a beacon that is away holds up no draw that needs none', { timeout: 30_000 }, async (t) => {
  const waiting: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const sid = await createDueDraw({ buyers: 1, agoMs: 2 * MINUTE_MS, beacon });
    await makeDue(sid);
    await mysql.raw(`UPDATE draw SET state = 'stated', entry_count = 1, stated_at = NOW(3) WHERE sid = ?`, [sid]);
    waiting.push(sid);
  }
  const due = await createDueDraw({ buyers: 1 });
  await makeDue(due);
  const states: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const jobs = startDrawJobs({
      database,
      drawKey: TEST_DRAW_KEY,
      // The rounds have come.
      beacon: Object.assign({}, beacon, { genesisMs: -20 * MINUTE_MS }),
      async fetchBeacon() {
        states.push((await readDraw(due)).state);
        if (states.length === 1) {
          // It closes while the worker waits for the beacon.
          await mysql.raw(`UPDATE draw SET state = 'closed', entry_count = NULL, stated_at = NULL WHERE sid = ?`, [
            due,
          ]);
          await mysql.raw('DELETE FROM order_event WHERE sid = ?', [due]);
        }
        if (states.length === 2) jobs.close().then(resolve, reject);
        throw new Error('no beacon in this test');
      },
      keepDays: 30,
      metrics: createMetrics('order-worker', { ofProcess: false }),
      logger: silentLogger,
      clock: realClock,
    });
  });
  t.same(states, ['drawn', 'drawn']);
  const [rows] = await mysql.raw(
    'SELECT claimed_until > NOW(3) + INTERVAL 15 SECOND AS isLong FROM draw WHERE sid IN (?)',
    [waiting],
  );
  t.equal(rows.filter(({ isLong }: { isLong: number }) => isLong === 1).length, 2, 'each waits for long');
});
