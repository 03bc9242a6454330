import assert from 'node:assert/strict';
import { waitUntil } from '../../../command/wait-until.ts';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';
import { createSaleStock } from '../../../verify/sale/create-sale-stock.ts';
import { enterDraw, readEntry, repeatEntry } from '../buyers/enter-draw.ts';
import { openConnections } from '../buyers/open-connections.ts';
import { planArrivalMs, planDoubleClick } from '../buyers/plan-people.ts';
import { runFewAtOnce } from '../buyers/run-few-at-once.ts';
import { runOnSchedule, type Scheduled } from '../buyers/run-on-schedule.ts';
import type { RoundResult } from '../figures/round-result.ts';
import { type Bots, createBots } from './create-bots.ts';
import { MissingModeError } from './missing-mode-error.ts';
import type { ModeContext } from './mode-context.ts';

/** Enough for all processes to know the stocks, and for the connections. */
const ENTRIES_AFTER_MS = 4000;
/** The window of entries, which is hours in a sale. */
const WINDOW_MS = 6000;
/** Stocks that take entries at the same time; then the next ones do. */
const STOCKS_AT_ONCE = 4;
/** People begin before this part of the window has passed, so that their requests arrive in it. */
const ENTERING = 0.85;
/** From the closing of the entries to the opening of the sale: time for the draw. */
const OPENS_AFTER_MS = 3000;
const DRAWN_WITHIN_MS = 25_000;
/** Of people and of bots, at most. */
const CONNECTIONS = 200;
/** Of the people of a line, who come after its opening. */
const LATE = 0.1;

type Round = { sid: number; times: Times; bots: Bots[]; result: RoundResult };
type Times = { entriesOpenAtMs: number; entriesCloseAtMs: number; opensAtMs: number };

/** Draw and line: people enter at any time of the window, and bots in its first millisecond. In a line one person in ten comes late. */
export async function runDraw(context: ModeContext, mode: 'draw' | 'line'): Promise<RoundResult[]> {
  const { options, people, bots: botClient } = context;
  const bots = await Promise.all(Array.from({ length: options.rounds }, () => createBots(context)));
  const startMs = Math.ceil((Date.now() + ENTRIES_AFTER_MS) / 1000) * 1000;
  const rounds = await Promise.all(
    bots.map((ofRound, at) => {
      const entriesOpenAtMs = startMs + Math.floor(at / STOCKS_AT_ONCE) * WINDOW_MS;
      const entriesCloseAtMs = entriesOpenAtMs + WINDOW_MS;
      const times = { entriesOpenAtMs, entriesCloseAtMs, opensAtMs: entriesCloseAtMs + OPENS_AFTER_MS };
      return createRound(context, mode, times, ofRound);
    }),
  );
  context.print(
    `· ${options.rounds} stocks take entries, ${STOCKS_AT_ONCE} at once, from ${new Date(startMs).toISOString()} on`,
  );
  const [first] = rounds;
  const connections = Math.min(CONNECTIONS, options.people);
  if (first) await Promise.all([people, botClient].map((client) => openConnections(client, first.sid, connections)));
  const { lateMs } = await runOnSchedule(
    rounds.flatMap((round) => [
      ...schedulePeople(context, round, mode === 'line' ? LATE : 0),
      ...scheduleBots(context, round),
    ]),
  );
  context.print(`· 99 % of people and bots began at most ${lateMs} ms late; waiting for draws and offers`);
  for (const { sid } of rounds) await waitForOffers(people, sid, options.units);
  for (const round of rounds) await readWinners(context, round);
  return rounds.map(({ result }) => result);
}

async function createRound(context: ModeContext, mode: string, times: Times, bots: Bots[]): Promise<Round> {
  const { options, persons, people: client, adminToken } = context;
  const iso = (ms: number) => new Date(ms).toISOString();
  const stock = {
    name: `Fairness: ${mode}`,
    count: options.units,
    mode,
    entriesOpenAt: iso(times.entriesOpenAtMs),
    entriesCloseAt: iso(times.entriesCloseAtMs),
    opensAt: iso(times.opensAtMs),
  };
  const sid = await createSaleStock(client, adminToken, stock).catch((error: Error) => {
    throw new MissingModeError(error.message);
  });
  const people = persons.map(() => ({ arrivedMs: 0, won: false, isLate: false }));
  return { sid, times, bots, result: { units: options.units, people, bots: bots.map(({ result }) => result) } };
}

function schedulePeople(
  { people: client, persons, tokens, random }: ModeContext,
  { sid, result, times: { entriesOpenAtMs, opensAtMs } }: Round,
  late: number,
): Scheduled[] {
  return persons.map((person, at) => {
    const isLate = random.chance(late);
    const arrivesMs = planArrivalMs(person, random);
    const enteringMs = random.next() * WINDOW_MS * ENTERING;
    const clicks = planDoubleClick(random) ? 2 : 1;
    return {
      atMs: isLate ? opensAtMs + arrivesMs : entriesOpenAtMs + enteringMs + person.lineMs,
      async run() {
        result.people[at] = { arrivedMs: Date.now() - entriesOpenAtMs, won: false, isLate };
        const entering = { sid, token: tokens[at] as string, untilMs: performance.now() + DRAWN_WITHIN_MS };
        await Promise.all(Array.from({ length: clicks }, () => enterDraw(client, entering)));
      },
    };
  });
}

function scheduleBots({ bots: client }: ModeContext, { sid, bots, times }: Round): Scheduled[] {
  return bots.flatMap(({ tokens, maxRequests, result }) =>
    tokens.map((token) => ({
      atMs: times.entriesOpenAtMs,
      async run() {
        const untilMs = performance.now() + times.entriesCloseAtMs - Date.now();
        const requests = await repeatEntry(client, { sid, token, untilMs, maxRequests });
        result.used += 1;
        result.requests += requests;
      },
    })),
  );
}

/** Waits until every unit is offered, or every entry if there are fewer. */
function waitForOffers(client: HttpClient, sid: number, units: number): Promise<void> {
  const check = async () => {
    const { status, body } = await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}/draw` });
    const isOver = body.state === 'drawn' && Number(body.offeredPlace) >= Math.min(units, Number(body.lastPlace));
    assert.ok(status === 200 && isOver, `${status} ${JSON.stringify(body)}`);
  };
  return waitUntil(`the offers of stock ${sid}`, check, { limitMs: DRAWN_WITHIN_MS });
}

/** Asks the system for every entry. */
async function readWinners({ people: client, tokens }: ModeContext, { sid, bots, result }: Round): Promise<void> {
  const readState = async (token = '') => (await readEntry(client, sid, token))?.state;
  const ofPeople = await runFewAtOnce(tokens.length, (at) => readState(tokens[at]));
  for (const [at, person] of result.people.entries()) {
    person.won = ofPeople[at] === 'offered';
    person.hasNoEntry = ofPeople[at] === undefined;
  }
  for (const { tokens: ofBots, result: counts } of bots) {
    const states = await runFewAtOnce(ofBots.length, (at) => readState(ofBots[at]));
    counts.won = states.filter((state) => state === 'offered').length;
  }
}
