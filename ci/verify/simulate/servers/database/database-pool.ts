import type { Knex } from 'knex';
import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Result } from './run-statement.ts';

export type PoolOptions = { maxConnections: number; idleMs: number };

type Callback = (error: Error | null, result: unknown) => void;
type Command = { sql: string; values: readonly unknown[]; done: Callback };

/** A pool of one process's connections to the stand-in, as db/mysql/database.ts uses knex's. */
export function createDatabasePool(
  world: World,
  process: SimulatedProcess,
  database: SimulatedDatabase,
  { maxConnections, idleMs }: PoolOptions,
): Knex {
  const idle: { raw: RawConnection; sinceMs: number }[] = [];
  const waiting: ((raw: RawConnection) => void)[] = [];
  let open = 0;

  async function acquireConnection(): Promise<RawConnection> {
    for (let one = idle.pop(); one; one = idle.pop()) {
      // The pool lets go of a connection before the server does.
      if (one.raw.isUsable() && world.time.nowMs() - one.sinceMs < idleMs * 0.6) return one.raw;
      one.raw.destroy();
      open -= 1;
    }
    if (open >= maxConnections) return new Promise((resolve) => waiting.push(resolve));
    open += 1;
    await world.travel(process, world.latencyMs());
    if (database.isUp()) return connect(world, process, database, idleMs);
    open -= 1;
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }

  async function releaseConnection(raw: RawConnection): Promise<void> {
    if (!raw.isUsable()) {
      open -= 1;
      const next = waiting.shift();
      if (next) acquireConnection().then(next, () => waiting.unshift(next));
      return;
    }
    const next = waiting.shift();
    if (next) next(raw);
    else idle.push({ raw, sinceMs: world.time.nowMs() });
  }
  return { client: { acquireConnection, releaseConnection } } as unknown as Knex;
}

type RawConnection = {
  query(options: { sql: string; timeout: number }, values: readonly unknown[], callback: Callback): void;
  destroy(): void;
  isUsable(): boolean;
};

/** The client's end: one command is out at a time, and one that took too long for the client is still out. */
function connect(world: World, process: SimulatedProcess, database: SimulatedDatabase, idleMs: number): RawConnection {
  const { time, random, faults } = world;
  const server = database.connect(idleMs);
  const queue: Command[] = [];
  let out = false;
  let destroyed = false;
  let broken = false;
  process.onKill(() => void time.after(world.latencyMs(), server.close));

  function lose(afterMs: number): void {
    const closeAfterMs = random.chance(0.5) ? 1 : random.between(0, 3000);
    time.after(closeAfterMs, server.close);
    time.after(afterMs, () => process.deliver(breakOff));
  }

  function breakOff(): void {
    broken = true;
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    for (const { done } of queue.splice(0)) done(error, []);
  }

  function slowMs(): number {
    return world.latencyMs() + (random.chance(faults.statementSlow) ? random.between(50, 3000) : 0);
  }

  function sendNext(): void {
    const [command] = queue;
    if (!command || out) return;
    out = true;
    const { sql, values } = command;
    if (random.chance(faults.statementLost)) {
      lose(random.between(1, 1500));
      return;
    }
    const lostAnswer = sql === 'COMMIT' ? faults.commitAnswerLost : faults.statementAnswerLost;
    time.after(slowMs(), () =>
      server.receive(sql, values, (error, result: Result) => {
        if (random.chance(lostAnswer)) return lose(random.between(1, 1500));
        time.after(slowMs(), () =>
          process.deliver(() => {
            out = false;
            queue.shift();
            // An error without a number is the connection's own.
            if (error && !('errno' in error)) broken = true;
            command.done(error, result);
            sendNext();
          }),
        );
      }),
    );
  }

  return {
    query({ sql, timeout }, values, callback) {
      let answered = false;
      const answer: Callback = (error, result) => {
        if (answered) return;
        answered = true;
        cancel();
        callback(error, result);
      };
      const cancel = process.clock.setTimer(timeout, () =>
        answer(Object.assign(new Error('Query inactivity timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }), []),
      );
      if (destroyed || broken) {
        process.clock.soon(() => answer(new Error("Can't add new command when connection is in closed state"), []));
        return;
      }
      queue.push({ sql, values, done: answer });
      sendNext();
    },
    destroy() {
      if (destroyed) return;
      destroyed = true;
      time.after(world.latencyMs(), server.close);
    },
    isUsable: () => !destroyed && !broken,
  };
}
