import t, { type Test } from 'tap';
import { createSeededRandom } from '../../../verify/simulate/world/seeded-random.ts';
import { measureDeciles } from './measure-deciles.ts';
import { jainIndex, measureJain } from './measure-jain.ts';
import { measureProportion, subtractProportions } from './measure-proportion.ts';
import type { RoundResult } from './round-result.ts';
import { summarizeRounds } from './summarize-rounds.ts';

const close = (t: Test, found: number | undefined, wanted: number) =>
  t.ok(Math.abs((found ?? Number.NaN) - wanted) < 0.0005, `${found}, wanted ${wanted}`);

t.test('a proportion has the interval of Wilson', async (t) => {
  const { rate, low, high } = measureProportion([{ won: 10, of: 100 }]);
  close(t, rate, 0.1);
  close(t, low, 0.0552);
  close(t, high, 0.1744);
  t.match(measureProportion([{ won: 0, of: 50 }]), { rate: 0, low: 0 });
  t.ok(measureProportion([{ won: 50, of: 50 }]).low > 0.9);
  t.match(measureProportion([]), { low: 0, high: 1 }, 'nothing is known');
});

t.test('rounds that differ by more than chance make the interval wider', async (t) => {
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  const equal = measureProportion(Array(20).fill({ won: 10, of: 20 }));
  const apart = measureProportion(Array.from({ length: 20 }, (_, at) => ({ won: at % 2 === 0 ? 20 : 0, of: 20 })));
  t.equal(equal.rate, apart.rate);
  close(t, width(equal), 0.0976);
  t.ok(width(apart) > 4 * width(equal), `${width(apart)}`);
});

t.test('the difference of two proportions has the interval of Newcombe', async (t) => {
  // 56/70 − 48/80: 0.2, from 0.0524 to 0.3339 (Newcombe 1998, method 10).
  const { value, low, high } = subtractProportions(
    measureProportion([{ won: 56, of: 70 }]),
    measureProportion([{ won: 48, of: 80 }]),
  );
  close(t, value, 0.2);
  close(t, low, 0.0524);
  close(t, high, 0.3339);
});

t.test("Jain's index", async (t) => {
  t.equal(jainIndex([3, 3, 3]), 1);
  t.equal(jainIndex([1, 0, 0, 0]), 0.25);
  close(t, jainIndex([1, 2, 3]), 36 / 42);
  t.equal(jainIndex([0, 0]), undefined);
});

t.test('winners that are drawn have the index of pure chance, and equal chances', async (t) => {
  const random = createSeededRandom(7);
  const [people, rounds, units] = [300, 20, 20];
  const wins = Array<number>(people).fill(0);
  for (let round = 0; round < rounds; round += 1) {
    const persons = wins.map((_, person) => ({ person, key: random.next() })).sort((a, b) => a.key - b.key);
    for (const { person } of persons.slice(0, units)) wins[person] = (wins[person] ?? 0) + 1;
  }
  const jain = measureJain(wins, Array(rounds).fill(units), random);
  // 1 ÷ (1 + (1 − p) ÷ (rounds × p)), p = 20/300.
  close(t, Math.round((jain?.chance.mean ?? 0) * 100) / 100, 0.59);
  t.ok((jain?.measured ?? 0) > (jain?.chance.low ?? 1) && (jain?.measured ?? 1) < (jain?.chance.high ?? 0));
  t.ok((jain?.ofChances.high ?? 0) >= 0.99);
});

t.test('a half that always wins is not chance', async (t) => {
  const wins = Array.from({ length: 200 }, (_, person) => (person < 100 ? 20 : 0));
  const jain = measureJain(wins, Array(20).fill(100), createSeededRandom(1));
  close(t, jain?.measured, 0.5);
  t.ok((jain?.ofChances.high ?? 1) < 0.6);
  t.equal(measureJain([0, 0], [0], createSeededRandom(1)), undefined);
});

t.test('deciles go by arrival in the round', async (t) => {
  const people = Array.from({ length: 30 }, (_, at) => ({ arrivedMs: 1000 - at, won: at >= 27 }));
  const deciles = measureDeciles([people, people]);
  t.equal(deciles.length, 10);
  t.match(deciles[0], { won: 6, of: 6 });
  t.ok(deciles.slice(1).every(({ won, of }) => won === 0 && of === 6));
});

t.test('shares of units, win rates and costs', async (t) => {
  const round = (peopleWin: number, botsWin: number): RoundResult => ({
    units: 10,
    people: Array.from({ length: 20 }, (_, at) => ({ arrivedMs: at, won: at < peopleWin })),
    bots: [{ name: 'farm', attackers: 2, identities: 5, used: 10, requests: 40, won: botsWin, workCpuMs: 3000 }],
  });
  const figures = summarizeRounds([round(4, 6), round(5, 4)], createSeededRandom(1));
  t.match(figures, { rounds: 2, people: 20, units: 10, unsold: 1, winRate: { won: 9, of: 40 } });
  const [farm] = figures.attackers;
  t.match(farm, {
    shareOfUnits: { won: 10, of: 40, rate: 0.25 },
    winRate: { won: 10, of: 20 },
    requestsPerIdentity: 4,
    perUnit: { requests: 8, identities: 2, workCpuSeconds: 0.6 },
  });
  close(t, farm?.abovePeople.value, 0.5 - 9 / 40);
});
