import type { Experiment, ExperimentStrategy } from '../../../proto/messages/experiment.ts';
import { explainStrategy } from '../../measure/ladder/judge-ladder.ts';
import {
  chooseLadderLimit,
  runStrategy,
  type StrategyResult,
  type StrategyTarget,
  type StrategyWatch,
  warmUp,
} from '../../measure/ladder/run-strategy.ts';
import type { StockCount } from '../../measure/ladder/sample-stock.ts';
import { type Strategy, strategies } from '../../measure/ladder/strategies.ts';

type Options = {
  /** Strategies that are warmed up already; others are added. */
  warm: Set<string>;
  /** Ends the experiment, which then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Called after a change of `experiment`. */
  onChange(): void;
};

/** Runs the strategies one after the other, so that they can be compared. Writes their results to `experiment`. */
export async function runExperiment(
  target: StrategyTarget,
  experiment: Experiment,
  { warm, signal, onChange }: Options,
): Promise<void> {
  const { buyers, units, ways } = experiment;
  const ladderLimit = chooseLadderLimit(buyers, units);
  const tasks = ways.map((way) => ({ way, strategy: findStrategy(way) }));
  for (const { strategy } of tasks.filter((task) => !warm.has(task.strategy.name))) {
    await warmUp(target, strategy, signal);
    warm.add(strategy.name);
  }
  for (const { way, strategy } of tasks) {
    way.state = 'running';
    way.requests = buyers;
    onChange();
    const result = await runStrategy(
      target,
      strategy,
      { buyers, units, ladderLimit },
      { signal, ...follow(way, onChange) },
    );
    writeResult(way, result);
    onChange();
  }
}

function findStrategy({ way }: ExperimentStrategy): Strategy {
  const strategy = strategies.find(({ name }) => name === way);
  if (!strategy) throw new Error(`unknown strategy ${way}`);
  return strategy;
}

function follow(way: ExperimentStrategy, onChange: () => void): Required<Pick<StrategyWatch, 'onAnswer' | 'onSample'>> {
  return {
    onAnswer({ kind }) {
      way.answered += 1;
      if (kind === 'limited') way.limited += 1;
      if (kind === 'error') way.errors += 1;
      onChange();
    },
    onSample(ms, stock) {
      writeCount(way, stock);
      way.samples.push({ ms, rows: stock.orders, answered: way.answered });
      onChange();
    },
  };
}

function writeCount(way: ExperimentStrategy, { orders, sale, count }: StockCount): void {
  way.rows = orders;
  way.confirmed = orders;
  way.sold = sale;
  way.oversold = Math.max(0, orders - count);
  way.unsold = Math.max(0, count - orders);
}

function writeResult(way: ExperimentStrategy, result: StrategyResult): void {
  const { requests, confirmed, orders: rows, sale: sold, oversold, unsold, limited, errors } = result;
  const { ordersPerSecond, p50Ms, p99Ms } = result;
  Object.assign(way, { answered: requests, requests, confirmed, rows, sold, oversold, unsold, limited, errors });
  Object.assign(way, { ordersPerSecond, p50Ms, p99Ms, why: explainStrategy(result) });
  way.state = 'done';
}
