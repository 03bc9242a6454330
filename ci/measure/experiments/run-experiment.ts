import type { Experiment, ExperimentStrategy } from '../../../proto/messages/experiment.ts';
import { explainStrategy } from '../ladder/ladder-breaches.ts';
import {
  chooseLadderLimit,
  runStrategy,
  type StrategyResult,
  type StrategyTarget,
  type StrategyWatch,
  warmUp,
} from '../ladder/run-strategy.ts';
import type { StockCount } from '../ladder/sample-stock.ts';
import { type Strategy, strategies } from '../ladder/strategies.ts';

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
  const tasks = ways.map((run) => ({ run, strategy: findStrategy(run) }));
  for (const { strategy } of tasks.filter((task) => !warm.has(task.strategy.name))) {
    await warmUp(target, strategy, signal);
    warm.add(strategy.name);
  }
  for (const { run, strategy } of tasks) {
    run.state = 'running';
    run.requests = buyers;
    onChange();
    const result = await runStrategy(
      target,
      strategy,
      { buyers, units, ladderLimit },
      { signal, ...follow(run, onChange) },
    );
    writeResult(run, result);
    onChange();
  }
}

function findStrategy({ way: wanted }: ExperimentStrategy): Strategy {
  const strategy = strategies.find(({ name }) => name === wanted);
  if (!strategy) throw new Error(`unknown strategy ${wanted}`);
  return strategy;
}

function follow(run: ExperimentStrategy, onChange: () => void): Required<Pick<StrategyWatch, 'onAnswer' | 'onSample'>> {
  return {
    onAnswer({ kind }) {
      run.answered += 1;
      if (kind === 'limited') run.limited += 1;
      if (kind === 'error') run.errors += 1;
      onChange();
    },
    onSample(ms, stock) {
      writeCount(run, stock);
      run.samples.push({ ms, rows: stock.orders, answered: run.answered });
      onChange();
    },
  };
}

function writeCount(run: ExperimentStrategy, { orders, sale, count }: StockCount): void {
  run.rows = orders;
  run.confirmed = orders;
  run.sold = sale;
  run.oversold = Math.max(0, orders - count);
  run.unsold = Math.max(0, count - orders);
}

function writeResult(run: ExperimentStrategy, result: StrategyResult): void {
  const { requests, confirmed, orders: rows, sale: sold, oversold, unsold, limited, errors } = result;
  const { ordersPerSecond, p50Ms, p99Ms } = result;
  Object.assign(run, { answered: requests, requests, confirmed, rows, sold, oversold, unsold, limited, errors });
  Object.assign(run, { ordersPerSecond, p50Ms, p99Ms, why: explainStrategy(result) });
  run.state = 'done';
}
