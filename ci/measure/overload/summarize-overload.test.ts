import t from 'tap';
import { type OverloadStep, summarizeRoundsOfSteps, summarizeStep } from './summarize-overload.ts';

t.test('goodput counts the confirmed answers of the time in which clicks come, without the first second', async (t) => {
  // One click each 500 ms; the last one is dropped.
  const clicked = {
    sentMs: Float64Array.of(0, 500, 1000, 1500, 2000, Number.NaN),
    answeredMs: Float64Array.of(100, 1200, 1300, 2900, 3100, Number.NaN),
    statuses: Uint16Array.of(201, 201, 503, 201, 201, 0),
    connections: 5,
    cpuMs: 2000,
    sendingCpuMs: 1500,
  };
  const plan = { times: 2, clicks: 6, spreadMs: 3000, cores: 2 };
  t.match(summarizeStep(clicked, plan, { perSecond: 2, loadCores: 0.5 }), {
    times: 2,
    duePerSecond: 2,
    sentPerSecond: 2,
    confirmedPerSecond: 1,
    goodput: 0.5,
    goodputPerCore: 0.5,
    p50Ms: 700,
    p99Ms: 1400,
    confirmed: 0.8,
    refused: 0.2,
    unanswered: 0,
    loadCores: 0.5,
  });
});

t.test('the figures of the steps are medians over the rounds', async (t) => {
  const step = (times: number, goodput: number) => ({ times, goodput }) as OverloadStep;
  t.same(
    summarizeRoundsOfSteps([
      [step(1, 0.9), step(5, 0.4)],
      [step(1, 0.8), step(5, 0.7)],
      [step(1, 1), step(5, 0.5)],
    ]),
    [step(1, 0.9), step(5, 0.5)],
  );
});
