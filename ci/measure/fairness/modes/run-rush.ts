import { randomUUID } from 'node:crypto';
import { signAdmission } from '../../../../consumer/admission/admission-token.ts';
import { createHistory } from '../../../verify/sale/buyers/observed-history.ts';
import { runClicks } from '../../../verify/sale/buyers/run-clicks.ts';
import { createSaleStock } from '../../../verify/sale/create-sale-stock.ts';
import { openConnections } from '../buyers/open-connections.ts';
import { planArrivalMs, planDoubleClick } from '../buyers/plan-people.ts';
import { runOnSchedule, type Scheduled } from '../buyers/run-on-schedule.ts';
import { snatchUnit } from '../buyers/snatch-unit.ts';
import type { PersonResult, RoundResult } from '../figures/round-result.ts';
import { admitBots } from './admit-bots.ts';
import { type Bots, createBots } from './create-bots.ts';
import type { ModeContext } from './mode-context.ts';

/** Enough for all processes to know the stocks, and for the connections. */
const OPENS_AFTER_MS = 4000;
/** One stock opens after the other. */
const GAP_MS = 500;
const CONNECTIONS = 32;
/** In which the bots solve their challenges, as they do in the hour before a sale. */
const SOLVING_MS = 25_000;
/** Of admission tokens. */
const VALID_MS = 600_000;
const BOT_STOPS_AFTER_MS = 10_000;

type Round = { sid: number; opensAtMs: number; bots: Bots[]; result: RoundResult };

/** Rush: people think after the opening, and bots send in its first millisecond. */
export async function runRush(context: ModeContext): Promise<RoundResult[]> {
  const { options, persons } = context;
  const { rounds: count, units } = options;
  const bots = await Promise.all(Array.from({ length: count }, () => createBots(context)));
  const solvingMs = context.admission ? SOLVING_MS : 0;
  const startMs = Math.ceil((Date.now() + OPENS_AFTER_MS + solvingMs) / 1000) * 1000;
  const rounds = await Promise.all(
    bots.map(async (roundBots, at): Promise<Round> => {
      const opensAtMs = startMs + at * GAP_MS;
      const stock = { name: `Rush ${at + 1}`, count: units, opensAt: new Date(opensAtMs).toISOString() };
      const sid = await createSaleStock(context.people, context.adminToken, stock);
      const people = persons.map((): PersonResult => ({ arrivedMs: 0, won: false }));
      return {
        sid,
        opensAtMs,
        bots: roundBots,
        result: { units, people, bots: roundBots.map(({ result }) => result) },
      };
    }),
  );
  context.print(`· ${count} stocks open one after the other from ${new Date(startMs).toISOString()}`);
  for (const { sid, bots } of rounds) await admitBots(context, sid, bots, startMs - OPENS_AFTER_MS / 2);
  const [first] = rounds;
  if (first)
    await Promise.all([context.people, context.bots].map((client) => openConnections(client, first.sid, CONNECTIONS)));
  const { lateMs } = await runOnSchedule(
    rounds.flatMap((round) => [...schedulePeople(context, round), ...scheduleBots(context, round)]),
  );
  context.print(`· 99 % of people and bots began at most ${lateMs} ms late`);
  return rounds.map(({ result }) => result);
}

function schedulePeople(context: ModeContext, round: Round): Scheduled[] {
  const { people, persons, tokens, random } = context;
  return persons.map((person, at) => {
    const doubleClicks = planDoubleClick(random);
    return {
      atMs: round.opensAtMs + planArrivalMs(person, random),
      async run() {
        const click = {
          sid: round.sid,
          token: tokens[at] as string,
          key: randomUUID(),
          headers: admitPerson(context, round, at),
        };
        const history = createHistory('');
        const arrivedMs = Date.now() - round.opensAtMs;
        await runClicks(people, click, { doubleClicks, abandonsAfterMs: undefined }, history);
        round.result.people[at] = { arrivedMs, won: history.kind === 'confirmed' };
      },
    };
  });
}

/** The phones of people are not this machine, so their tokens are signed, as a shop may do. */
function admitPerson({ admission, names }: ModeContext, { sid, opensAtMs }: Round, at: number): Record<string, string> {
  if (!admission) return {};
  const expiresAtSeconds = Math.floor((opensAtMs + VALID_MS) / 1000);
  const admitted = { sid, opensAtMs, buyer: names[at] as string };
  return { 'admission-token': signAdmission(admission.key, admitted, expiresAtSeconds) };
}

function scheduleBots({ bots: client, admission }: ModeContext, { sid, opensAtMs, bots }: Round): Scheduled[] {
  return bots.flatMap(({ tokens, admissions, maxRequests, result }) =>
    tokens.map((token, at) => ({
      atMs: opensAtMs,
      async run() {
        if (admission && admissions[at] === undefined) return;
        const headers = admission ? { 'admission-token': admissions[at] as string } : {};
        const untilMs = performance.now() + BOT_STOPS_AFTER_MS;
        const { won, requests } = await snatchUnit(client, { sid, token, maxRequests, untilMs, headers });
        result.used += 1;
        result.requests += requests;
        result.won += won ? 1 : 0;
      },
    })),
  );
}
