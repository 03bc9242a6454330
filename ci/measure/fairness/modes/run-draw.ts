import assert from 'node:assert/strict';
import { waitUntil } from '../../../command/wait-until.ts';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';
import { createSaleStock } from '../../../verify/sale/create-sale-stock.ts';
import { enterDraw, readEntry, repeatEntry } from '../buyers/enter-draw.ts';
import { planArrivalMs, planDoubleClick } from '../buyers/plan-people.ts';
import { runFewAtOnce } from '../buyers/run-few-at-once.ts';
import { runOnSchedule, type Scheduled } from '../buyers/run-on-schedule.ts';
import type { RoundResult } from '../figures/round-result.ts';
import { type Bots, createBots } from './create-bots.ts';
import { MissingModeError } from './missing-mode-error.ts';
import type { ModeContext } from './mode-context.ts';

/** Enough for all processes to know the stocks. */
const ENTRIES_AFTER_MS = 2500;
const MAX_ENTRIES_AFTER_MS = 40_000;
/** The window of entries, which is hours in a sale. */
const WINDOW_MS = 5000;
/** Buyers who come to stocks that take entries at the same time; then the next stocks do. */
const BUYERS_AT_ONCE = 800;
/** People begin before this part of the window has passed, so that their requests arrive in it. */
const ENTERING = 0.85;
/** From the closing of the entries to the opening of the sale: time for the draw. */
const OPENS_AFTER_MS = 3000;
const DRAWN_WITHIN_MS = 120_000;
/** Of the people of a line, who come after its opening. */
const LATE = 0.1;
/** Half of the people win: Jain's index of 200 rounds is 0.995 by chance alone. */
const EQUALS = { people: 20, units: 10 };

type Round = { sid: number; times: Times; bots: Bots[]; result: RoundResult };
type Times = { entriesOpenAtMs: number; entriesCloseAtMs: number; opensAtMs: number };

/** Draw and line: people enter at any time of the window, and bots in its first millisecond. In a line one person in ten comes late. */
export async function runDraw(context: ModeContext, mode: 'draw' | 'line'): Promise<RoundResult[]> {
  return runDraws(context, mode, mode === 'line' ? LATE : 0);
}

/** The same without bots and without late people, with few of them for many units, so that all should get the same after some rounds. */
export function runEqualDraw(context: ModeContext, mode: 'draw' | 'line'): Promise<RoundResult[]> {
  const { options, persons, names, tokens } = context;
  const people = Math.min(EQUALS.people, options.people);
  const equals = {
    ...context,
    options: { ...options, rounds: options.equalRounds, people, units: Math.min(EQUALS.units, options.units) },
    persons: persons.slice(0, people),
    names: names.slice(0, people),
    tokens: tokens.slice(0, people),
    attackers: [],
  };
  return runDraws(equals, mode, 0);
}

async function runDraws(context: ModeContext, mode: 'draw' | 'line', late: number): Promise<RoundResult[]> {
  const { options, people, attackers } = context;
  const buyers = attackers.reduce((sum, { attackers, identities }) => sum + attackers * identities, options.people);
  const atOnce = Math.max(1, Math.floor(BUYERS_AT_ONCE / buyers));
  const rounds: Round[] = [];
  const stillComing: Promise<unknown>[] = [];
  let latestMs = 0;
  while (rounds.length < options.rounds) {
    const count = Math.min(atOnce, options.rounds - rounds.length);
    const { lateMs, taken, afterClosing } = await takeEntriesOf(context, mode, count, late);
    latestMs = Math.max(latestMs, lateMs);
    stillComing.push(afterClosing);
    rounds.push(...taken);
    if (rounds.length % (5 * atOnce) === 0)
      context.print(`· ${rounds.length} of ${options.rounds} stocks took entries`);
  }
  context.print(`· 99 % of people and bots began at most ${latestMs} ms late; waiting for draws and offers`);
  await Promise.all(stillComing);
  for (const { sid } of rounds) await waitForOffers(people, sid, options.units);
  for (const round of rounds) await readWinners(context, round);
  return rounds.map(({ result }) => result);
}

/** Some stocks that take entries at the same time. */
async function takeEntriesOf(
  context: ModeContext,
  mode: string,
  count: number,
  late: number,
  afterMs = ENTRIES_AFTER_MS,
): Promise<{ taken: Round[]; lateMs: number; afterClosing: Promise<unknown> }> {
  const bots = await Promise.all(Array.from({ length: count }, () => createBots(context)));
  const entriesOpenAtMs = Math.ceil((Date.now() + afterMs) / 100) * 100;
  const entriesCloseAtMs = entriesOpenAtMs + WINDOW_MS;
  const times = { entriesOpenAtMs, entriesCloseAtMs, opensAtMs: entriesCloseAtMs + OPENS_AFTER_MS };
  const taken = await Promise.all(bots.map((ofRound) => createRound(context, mode, times, ofRound)));
  if (Date.now() > entriesOpenAtMs && afterMs < MAX_ENTRIES_AFTER_MS) {
    context.print(
      '· the machine is busy: the stocks were created after their opening, so others are created with more time',
    );
    return takeEntriesOf(context, mode, count, late, 2 * afterMs);
  }
  const all = taken.flatMap((round) => [...schedulePeople(context, round, late), ...scheduleBots(context, round)]);
  // The next stocks do not wait for who comes to a line after the opening.
  const afterClosing = runOnSchedule(all.filter(({ atMs }) => atMs > entriesCloseAtMs));
  const { lateMs } = await runOnSchedule(all.filter(({ atMs }) => atMs <= entriesCloseAtMs));
  return { taken, lateMs, afterClosing };
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
