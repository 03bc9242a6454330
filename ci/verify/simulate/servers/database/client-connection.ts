import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { SimulatedDatabase } from './simulated-database.ts';

type Callback = (error: Error | null, result: unknown) => void;
type Command = { sql: string; values: readonly unknown[]; done: Callback };

/** A connection of mysql2, as far as db/mysql uses it. */
export type ClientConnection = {
  query(options: { sql: string; timeout: number }, values: readonly unknown[], callback: Callback): void;
  destroy(): void;
  isUsable(): boolean;
};

/** One command is in flight at a time; a command that timed out still is. */
export function createClientConnection(
  world: World,
  process: SimulatedProcess,
  database: SimulatedDatabase,
  idleMs: number,
): ClientConnection {
  const { time, random, faults } = world;
  const server = database.connect(idleMs);
  const queue: Command[] = [];
  let inFlight = false;
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
    if (!command || inFlight) return;
    inFlight = true;
    const { sql, values } = command;
    if (random.chance(faults.statementLost)) {
      lose(random.between(1, 1500));
      return;
    }
    const answerLost =
      sql === 'COMMIT' || sql.startsWith('CALL') ? faults.commitAnswerLost : faults.statementAnswerLost;
    time.after(slowMs(), () =>
      server.receive(sql, values, (error, result) => {
        if (random.chance(answerLost)) return lose(random.between(1, 1500));
        time.after(slowMs(), () => process.deliver(() => receive(command, error, result)));
      }),
    );
  }

  function receive({ done }: Command, error: Error | null, result: unknown): void {
    inFlight = false;
    queue.shift();
    // An error without a number means that the connection is lost.
    if (error && !('errno' in error)) broken = true;
    done(error, result);
    sendNext();
  }

  return {
    query({ sql, timeout }, values, callback) {
      let answered = false;
      const done: Callback = (error, result) => {
        if (answered) return;
        answered = true;
        cancel();
        callback(error, result);
      };
      const cancel = process.clock.setTimer(timeout, () =>
        done(Object.assign(new Error('Query inactivity timeout'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }), []),
      );
      if (destroyed || broken) {
        process.clock.soon(() => done(new Error("Can't add new command when connection is in closed state"), []));
        return;
      }
      queue.push({ sql, values, done });
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
