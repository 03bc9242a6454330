import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createDueDraws } from '../../ci/testing/draws/create-due-draws.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from '../../db/mysql/database.ts';

const { url, mysql } = await createTestDatabase(t);
const database = createDatabase({ mysql: createPool(t, url), statementMs: 5000 });
const { createDueDraw, makeDue, readDraw, checkDrawn } = createDueDraws(mysql, database);

t.test(
  'processes that are killed in the middle of a draw leave nothing that the next one cannot finish',
  { timeout: 60_000 },
  async (t) => {
    const sid = await createDueDraw({ buyers: 400 });
    await makeDue(sid);
    const file = new URL('../../ci/testing/draws/draw-in-process.ts', import.meta.url).pathname;
    const count = async () => {
      const [rows] = await mysql.raw('SELECT COUNT(*) AS n FROM entry WHERE sid = ? AND place IS NOT NULL', [sid]);
      return Number(rows[0].n);
    };
    const killed = [];
    for (const placed of [1, 150, 400]) {
      const child = spawn(process.execPath, [file, url], { stdio: 'ignore' });
      t.teardown(() => child.kill('SIGKILL'));
      while ((await count()) < placed) {
        if (child.exitCode !== null) throw new Error('the process ended');
        await sleep(2);
      }
      if (placed === 400) while ((await readDraw(sid)).state !== 'drawn') await sleep(20);
      child.kill('SIGKILL');
      await once(child, 'exit');
      killed.push(await count());
    }
    t.ok((killed[0] ?? 0) < 400, 'killed in the middle');
    await checkDrawn(t, sid, 400);
  },
);
