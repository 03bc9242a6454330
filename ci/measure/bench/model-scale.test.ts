import t from 'tap';
import { checkCeilings, checkLoad, type Measured, type MeasuredLoad, modelScale } from './model-scale.ts';
import { scaleTable } from './scale-table.ts';
import type { Figure } from './summarize-rounds.ts';

function figure(perSecond: number, cpuUsPerRequest: Record<string, number>, p50Ms = 1): Figure {
  const ratios = { ratio: 1, ratioFrom: 1, ratioTo: 1 };
  return { perSecond, ...ratios, p50Ms, p99Ms: 2, cpuUsPerRequest, memoryMb: {}, asExpected: 1, broken: 0 };
}

const confirmed = figure(9000, {
  load: 10,
  nginx: 30,
  'consumer-1': 60,
  'consumer-2': 60,
  provider: 12,
  'order-worker-1': 30,
  redis: 6,
  kafka: 60,
  mariadb: 90,
});
const soldOut = figure(80_000, { load: 5, nginx: 15 });
const soldOutUncached = figure(20_000, { load: 10, 'nginx-uncached': 20, 'consumer-1': 70 }, 100);
const measured: Measured = {
  environment: { cores: 2, processes: 1 },
  bare: soldOut,
  confirmed,
  accepted: confirmed,
  soldOut,
  soldOutUncached,
  reads: soldOut,
  entries: confirmed,
  strategies: [],
};

t.test('cores are rate times cost; parts that cannot share a stock limit one stock', async (t) => {
  const need = modelScale(measured, { buyers: 1_000_000, seconds: 10, units: 1_000_000 }, 0.6);
  const cores = Object.fromEntries(need.parts.map((part) => [part.part, Number(part.cores.toFixed(2))]));
  t.same(cores, { nginx: 5, consumer: 20, provider: 2, 'order-worker': 5, redis: 1, kafka: 10, mariadb: 15 });
  t.equal(Math.round(need.oneStockPerSecond), 20_000);
  t.equal(need.stocks, 5);
});

t.test('requests reach a consumer while the cached refusal is renewed', async (t) => {
  const { shares, parts, stocks, consumersAtFirst } = modelScale(
    measured,
    { buyers: 1000, seconds: 1, units: 100 },
    0.5,
  );
  t.same(
    Object.values(shares).map((share) => share.toFixed(2)),
    ['0.10', '0.09', '0.81'],
  );
  const us = parts.find(({ part }) => part === 'consumer')?.us ?? 0;
  t.equal(Math.round(us * 1000), Math.round((0.1 * 120 + 0.09 * 70) * 1000));
  t.equal(stocks, 1);
  t.equal(consumersAtFirst, 1);
});

t.test('the predicted ceiling is all cores divided by the cost of a request', async (t) => {
  const check = checkCeilings(measured).find(({ name }) => name === 'soldOutUncached');
  t.match(check, { predicted: 20_000, measured: 20_000, error: 0 });
});

t.test('the cost of a sale is the cost of its answers and of its load generator', async (t) => {
  const sale: MeasuredLoad = {
    buyers: 90_000,
    units: 100,
    requests: 100_000,
    load: {
      answeredSeconds: 2.5,
      rows: 1000,
      answers: { cache: { 410: 90_000 }, consumer: { 201: 100, 410: 9900 } },
      processes: { sale: { cpuSeconds: 2, memoryMb: 9 }, nginx: { cpuSeconds: 1.56, memoryMb: 9 } },
    },
  };
  const checks = Object.fromEntries(checkLoad(measured, sale).map((check) => [check.name, check]));
  const nginx = (90_000 * 15 + 9000 * 20 + 1000 * 30) / 1e6;
  t.match(checks.nginx, { predicted: nginx, measured: 1.56, error: 0 });
  const rest = (9000 * 70 + 1000 * 120 + 1000 * (12 + 30 + 6 + 60 + 90)) / 1e6;
  t.equal(checks.seconds?.predicted.toFixed(3), ((nginx + rest + 2) / 2).toFixed(3));
  t.match(scaleTable(measured, sale), /90,000 buyers for 100 units[\s\S]*seconds +2\.3 +2\.5 +-/);
  t.throws(
    () => checkLoad(measured, { ...sale, load: { ...sale.load, processes: undefined } }),
    /not measured on the machine/,
  );
});

t.test('the idle cost of a part is subtracted', async (t) => {
  const bare = figure(10_000, { nginx: 20, bare: 40, kafka: 5 });
  const { parts } = modelScale({ ...measured, bare }, { buyers: 1000, seconds: 1, units: 1000 }, 1);
  const us = (name: string) => parts.find(({ part }) => part === name)?.us.toFixed(1);
  t.equal(us('nginx'), '30.0');
  // 5 µs at 10,000 a second are 0.05 cores, which are 5.6 µs at 9,000.
  t.equal(us('kafka'), '54.4');
});
