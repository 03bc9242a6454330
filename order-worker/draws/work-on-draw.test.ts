import t from 'tap';
import { createDueDraws } from '../../ci/testing/draws/create-due-draws.ts';
import { TEST_DRAW_KEY } from '../../ci/testing/draws/create-test-draw.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { readEntries } from '../../db/draws/entry-table.ts';
import { leaveEntry } from '../../db/draws/leave-entry.ts';
import { planRound } from '../../db/draws/plan-round.ts';
import { ClaimLostError, claimDraw, type DrawClaim, releaseClaim } from '../../db/draws/steps/claim-draw.ts';
import { countDueDraws, findDueDraws } from '../../db/draws/steps/find-due-draws.ts';
import { givePlaces } from '../../db/draws/steps/give-places.ts';
import { renewEntryIds } from '../../db/draws/steps/renew-entry-ids.ts';
import { createDatabase } from '../../db/mysql/database.ts';
import { toHex } from '../../proto/draws/hex.ts';
import { orderEntries } from '../../proto/draws/order-entries.ts';
import { realClock } from '../../proto/process/clock.ts';
import type { Beacon } from './fetch-beacon.ts';
import { workOnDraw } from './work-on-draw.ts';

const { url, mysql } = await createTestDatabase(t);
const database = createDatabase({ mysql: createPool(t, url), statementMs: 5000 });
const { createDueDraw, makeDue, readAttempts, readDraw, readLeaves, checkDrawn } = createDueDraws(mysql, database);

/** A chain whose signatures are their random bytes; with its own genesis a test moves its rounds. */
const beacon: Beacon = {
  chain: 'ab'.repeat(32),
  genesisMs: 0,
  periodMs: 3000,
  readSignature: (_, signature) => signature,
};
const randomness = Buffer.alloc(32, 7);
const MINUTE_MS = 60_000;

type Options = { chain?: Beacon; page?: number; keep?: (() => void) | undefined; wallClock?: () => number };

/** Claims the draw and works on it. Returns the steps, or null: another worker has it. */
async function work(
  sid: number,
  { chain = beacon, page, keep, wallClock = Date.now }: Options = {},
): Promise<string[] | null> {
  const { attempt } = await readDraw(sid);
  const claim = await claimDraw(database, { sid, attempt }, { clock: realClock, shouldStop: () => false });
  if (!claim) return null;
  const steps: string[] = [];
  const kept: DrawClaim = {
    sid,
    attempt,
    claimedUntil: claim.claimedUntil,
    async keep() {
      keep?.();
      await claim.keep();
    },
  };
  try {
    await workOnDraw(
      {
        database,
        drawKey: TEST_DRAW_KEY,
        beacon: chain,
        page,
        wallClock,
        fetchBeacon: () => Promise.resolve({ randomness, signature: randomness }),
        onStep: (step) => steps.push(step),
      },
      kept,
    );
  } finally {
    await database.session((session) => releaseClaim(session, claim));
  }
  return steps;
}

t.test('a draw without a beacon is closed, stated and drawn at once', async (t) => {
  const sid = await createDueDraw({ buyers: 101 });
  await leaveEntry(database, sid, 'buyer-0');
  t.same(await work(sid), [], 'it is not due');
  await makeDue(sid);
  t.same(await work(sid, { page: 10 }), ['closed', 'stated', 'drawn']);
  t.equal((await checkDrawn(t, sid, 100)).randomness, null);
  t.same(await work(sid), []);
});

t.test('a draw that nobody entered ends too', async (t) => {
  const sid = await createDueDraw({ buyers: 0 });
  await makeDue(sid);
  t.same(await work(sid), ['closed', 'stated', 'drawn']);
  await checkDrawn(t, sid, 0);
});

t.test('what leaves after closing keeps its place', async (t) => {
  const sid = await createDueDraw();
  await makeDue(sid);
  let calls = 0;
  const stop = () => {
    calls += 1;
    if (calls === 2) throw new ClaimLostError('stopped');
  };
  await t.rejects(work(sid, { keep: stop, page: 5 }), ClaimLostError);
  await leaveEntry(database, sid, 'buyer-1');
  await work(sid);
  await checkDrawn(t, sid, 23);
  const [left] = await database.session((session) => readEntries(session, [{ sid, buyer: 'buyer-1' }]));
  t.match(left, { state: 'left', place: Number });
});

t.test('a draw with a beacon is stated before its round and drawn after it', async (t) => {
  const sid = await createDueDraw({ beacon });
  await makeDue(sid);
  t.same(await work(sid), ['closed', 'stated']);
  const stated = await readDraw(sid);
  t.ok(stated.seed && stated.root);
  const round = stated.beaconRound ?? 0;
  t.ok((stated.statedAtMs ?? 0) + 10 * MINUTE_MS <= (round - 1) * beacon.periodMs);
  t.same(await work(sid), [], 'the round is to come');
  const isFound = async (chain: Beacon) =>
    (await database.session((session) => findDueDraws(session, chain, 100))).some((due) => due.sid === sid);
  t.equal(await isFound(beacon), false);
  const hasRound = { ...beacon, genesisMs: -40 * MINUTE_MS };
  t.equal(await isFound(hasRound), true);
  t.same(await work(sid, { chain: hasRound }), ['drawn']);
  t.same((await checkDrawn(t, sid, 23)).randomness, randomness);
});

t.test('without a statement in time the attempt is void, and the next one keeps all entries', async (t) => {
  const sid = await createDueDraw({ agoMs: 6 * MINUTE_MS, beacon });
  await leaveEntry(database, sid, 'buyer-0');
  await makeDue(sid);
  const before = await readLeaves(await readDraw(sid));
  t.same(await work(sid), ['closed', 'void']);
  const [first, second] = await readAttempts(sid);
  t.match(first, { state: 'void', voidReason: /no statement/, statement: null, seed: null });
  t.match(second, { state: 'closed', attempt: 2 });
  t.notSame(second?.drawId, first?.drawId);
  t.same(await work(sid, { page: 4 }), ['stated']);
  t.same(await work(sid, { chain: { ...beacon, genesisMs: -40 * MINUTE_MS } }), ['drawn']);
  const draw = await checkDrawn(t, sid, 22);
  const known = new Set(before.map(toHex));
  t.notOk((await readLeaves(draw)).some((id) => known.has(toHex(id))));
  const keys = Array.from({ length: 23 }, (_, i) => ({ sid, buyer: `buyer-${i}` }));
  const entries = await database.session((session) => readEntries(session, keys, TEST_DRAW_KEY));
  t.equal(entries.filter(({ attempt, ticket }) => attempt === 2 && ticket).length, 22);
});

t.test('a draw that was stopped anywhere goes on', async (t) => {
  for (const agoMs of [1, 6 * MINUTE_MS]) {
    const sid = await createDueDraw({ buyers: 11, agoMs, beacon });
    await makeDue(sid);
    const chain = { ...beacon };
    let stops = 0;
    for (let calls = 0; (await readDraw(sid)).state !== 'drawn'; stops += 1) {
      if (stops > 200) throw new Error('no end');
      let left = (calls % 12) + 1;
      calls += 1;
      // The round of a stated draw has come.
      if ((await readDraw(sid)).state === 'stated') chain.genesisMs = -40 * MINUTE_MS;
      const stop = () => {
        left -= 1;
        if (left < 0) throw new ClaimLostError('stopped');
      };
      await work(sid, { chain, page: 3, keep: stop }).catch((error) => {
        if (!(error instanceof ClaimLostError)) throw error;
      });
    }
    t.ok(stops > 2);
    await checkDrawn(t, sid, 11);
  }
});

t.test('one worker at a time has a draw, and another one after the end of its claim', async (t) => {
  const sid = await createDueDraw();
  await makeDue(sid);
  const key = { sid, attempt: 1 };
  const options = { clock: { ...realClock, nowMs: () => nowMs }, shouldStop: () => false, claimSeconds: 60 };
  let nowMs = 0;
  const first = await claimDraw(database, key, options);
  if (!first) throw new Error('not claimed');
  t.equal(await work(sid), null);
  t.notOk((await database.session((session) => findDueDraws(session, beacon, 100))).some((due) => due.sid === sid));
  t.ok((await database.session((session) => countDueDraws(session, beacon))) > 0);
  const until = first.claimedUntil();
  await first.keep();
  t.same(first.claimedUntil(), until);
  nowMs = 21_000;
  await first.keep();
  t.ok(first.claimedUntil() > until, 'renewed in good time');
  await mysql.raw('UPDATE draw SET claimed_until = NOW(3) - INTERVAL 1 SECOND WHERE sid = ?', [sid]);
  t.same(await work(sid, { page: 5 }), ['closed', 'stated', 'drawn']);
  nowMs = 50_000;
  await t.rejects(first.keep(), ClaimLostError);
  await t.rejects(
    workOnDraw(
      {
        database,
        drawKey: '7a'.repeat(32),
        beacon,
        onStep: () => undefined,
        fetchBeacon: () => Promise.reject(new Error('unused')),
      },
      first,
    ),
    /DRAW_KEY is not the key in the rules/,
  );
});

t.test('a worker that lost its claim ends no state', async (t) => {
  const sid = await createDueDraw();
  await makeDue(sid);
  let calls = 0;
  const lose = async () => mysql.raw('UPDATE draw SET claimed_until = NOW(3) + INTERVAL 1 HOUR WHERE sid = ?', [sid]);
  let losing: Promise<unknown> = Promise.resolve();
  const claim = await claimDraw(database, { sid, attempt: 1 }, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('not claimed');
  const kept: DrawClaim = {
    sid,
    attempt: 1,
    claimedUntil: claim.claimedUntil,
    async keep() {
      calls += 1;
      if (calls === 1) losing = lose();
      await losing;
    },
  };
  const working = workOnDraw(
    {
      database,
      drawKey: TEST_DRAW_KEY,
      beacon,
      onStep: () => undefined,
      fetchBeacon: () => Promise.reject(new Error('unused')),
    },
    kept,
  );
  await t.rejects(working, ClaimLostError);
  t.match(await readAttempts(sid), [{ state: 'closed' }]);
});

t.test('a worker that lost its claim renews no id', async (t) => {
  const sid = await createDueDraw({ agoMs: 6 * MINUTE_MS, beacon });
  await makeDue(sid);
  t.same(await work(sid), ['closed', 'void']);
  const key = { sid, attempt: 2 };
  const claim = await claimDraw(database, key, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('not claimed');
  const draw = await readDraw(sid);
  const renewed = async () => (await readLeaves(draw)).length;
  // Frozen between keep() and the statement, while another worker went on.
  const until = claim.claimedUntil();
  const frozen: DrawClaim = {
    sid,
    attempt: 2,
    claimedUntil: () => new Date(until.getTime() - 1),
    keep: async () => {},
  };
  await t.rejects(renewEntryIds(database, frozen, draw), ClaimLostError);
  t.equal(await renewed(), 0);
  await mysql.raw(`UPDATE draw SET state = 'void' WHERE sid = ? AND attempt = 2`, [sid]);
  await t.rejects(renewEntryIds(database, claim, draw), ClaimLostError);
  t.equal(await renewed(), 0);
});

t.test('ids are renewed until none of an earlier attempt is left', async (t) => {
  const sid = await createDueDraw({ agoMs: 6 * MINUTE_MS, beacon });
  await makeDue(sid);
  t.same(await work(sid), ['closed', 'void']);
  let calls = 0;
  const claim = await claimDraw(database, { sid, attempt: 2 }, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('not claimed');
  const kept: DrawClaim = {
    sid,
    attempt: 2,
    claimedUntil: claim.claimedUntil,
    async keep() {
      calls += 1;
      // An id before those that the scan has passed.
      const move = 'UPDATE entry SET entry_id = ? WHERE sid = ? AND attempt = 1 ORDER BY entry_id DESC LIMIT 1';
      if (calls === 3) await mysql.raw(move, [Buffer.alloc(32), sid]);
    },
  };
  await renewEntryIds(database, kept, await readDraw(sid), 5);
  t.equal((await readLeaves(await readDraw(sid))).length, 23);
});

t.test('the claim is kept while the places are computed', { timeout: 20_000 }, async (t) => {
  const sid = await createDueDraw({ beacon });
  await makeDue(sid);
  t.same(await work(sid), ['closed', 'stated']);
  await mysql.raw('UPDATE draw SET randomness = ? WHERE sid = ?', [randomness, sid]);
  const draw = await readDraw(sid);
  const claim = await claimDraw(database, { sid, attempt: 1 }, { clock: realClock, shouldStop: () => false });
  if (!claim) throw new Error('not claimed');
  let computing = false;
  let kept = (): void => undefined;
  let lost = false;
  const counted: DrawClaim = {
    sid,
    attempt: 1,
    claimedUntil: claim.claimedUntil,
    async keep() {
      if (!computing) return;
      kept();
      if (lost) throw new ClaimLostError('lost');
    },
  };
  const give = (keeps: number) =>
    givePlaces(database, counted, draw, {
      keepEveryMs: 1,
      async orderEntries(ids, outcome) {
        computing = true;
        for (let i = 0; i < keeps; i += 1) await new Promise<void>((resolve) => (kept = resolve));
        computing = false;
        return orderEntries(ids, outcome);
      },
    });
  lost = true;
  await t.rejects(give(1), ClaimLostError);
  t.equal((await readDraw(sid)).state, 'stated');
  lost = false;
  await give(3);
  await checkDrawn(t, sid, 23);
});

t.test('no statement is later than 10 minutes before its round by the clock of the worker either', async (t) => {
  const sid = await createDueDraw({ beacon });
  await makeDue(sid);
  // The database's clock is slow by 6 minutes.
  const wallClock = () => Date.now() + 6 * MINUTE_MS;
  t.same(await work(sid, { wallClock }), ['closed', 'void']);
  t.match(await readAttempts(sid), [{ state: 'void', seed: null }, { state: 'closed' }]);
  t.same(await work(sid, { wallClock }), ['stated'], 'the next round is late enough by both clocks');
  const later = await createDueDraw({ beacon });
  await makeDue(later);
  const slow = await createDueDraw({ agoMs: 6 * MINUTE_MS, beacon });
  await makeDue(slow);
  t.same(await work(slow, { wallClock: () => 0 }), ['closed', 'void'], 'by the clock of the database alone');
  let minutes = 0;
  const keep = () => {
    minutes = 6;
  };
  t.same(await work(later, { wallClock: () => Date.now() + minutes * MINUTE_MS, keep }), ['closed', 'void']);
});

t.test('each void attempt after another doubles the time for the next statement', async (t) => {
  const sid = await createDueDraw({ agoMs: 6 * MINUTE_MS, beacon });
  await makeDue(sid);
  const minutesToRound = ({
    beaconRound,
    entriesCloseAtMs,
  }: {
    beaconRound: number | null;
    entriesCloseAtMs: number;
  }) => Math.floor((((beaconRound ?? 0) - 1) * beacon.periodMs - entriesCloseAtMs) / MINUTE_MS);
  for (const minutes of [15, 20, 30]) {
    const draw = await readDraw(sid);
    t.equal(minutesToRound(draw), minutes);
    // Its time has passed.
    await mysql.raw('UPDATE draw SET beacon_round = 1 WHERE sid = ? AND attempt = ?', [sid, draw.attempt]);
    t.equal((await work(sid))?.at(-1), 'void');
  }
  t.equal(minutesToRound(await readDraw(sid)), 50);
  await mysql.raw(`UPDATE draw SET beacon_round = 1 WHERE sid = ? AND attempt = 4`, [sid]);
  await mysql.raw(`UPDATE draw SET state = 'drawn' WHERE sid = ? AND attempt = 3`, [sid]);
  await work(sid);
  t.equal(minutesToRound(await readDraw(sid)), 20, 'an attempt that was drawn ends the row of void ones');
  t.equal(planRound(beacon, 0, 100), ((4 * 60 + 10) * MINUTE_MS) / beacon.periodMs + 1);
});
