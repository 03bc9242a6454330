import type { Knex } from 'knex';

const POLL_MS = 10;

export type MysqlLoad = { queries: number; connectionsPeak: number };

/** Counts statements and connections of the whole server, except its own, until the returned function is called. */
export async function watchMysql(mysql: Knex): Promise<() => Promise<MysqlLoad>> {
  let own = 0;
  async function status(name: string): Promise<number> {
    own += 1;
    const [rows] = (await mysql.raw('SHOW GLOBAL STATUS WHERE Variable_name = ?', [name])) as [{ Value: string }[]];
    return Number(rows[0]?.Value);
  }
  const before = await status('Questions');
  own = 0;
  let connectionsPeak = 0;
  let watching = true;
  const loop = (async () => {
    while (watching) {
      connectionsPeak = Math.max(connectionsPeak, (await status('Threads_connected')) - 1);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  return async () => {
    watching = false;
    await loop;
    const after = await status('Questions');
    return { queries: after - before - own, connectionsPeak };
  };
}
