import { randomBytes } from 'node:crypto';
import t from 'tap';
import { makeSampleDraw, sampleKey, sampleRound } from '../../../ci/generate/make-sample-draw.ts';
import { formatDrawFile } from '../format-draw-file.ts';
import { fromHex, toHex } from '../hex.ts';
import { createMerkleTree } from '../merkle-tree.ts';
import { parseDrawFile } from '../parse-draw-file.ts';
import { quicknet, quicknetTimeOf, readQuicknetBeacon } from '../quicknet.ts';
import { signStatement } from '../sign-draw.ts';
import { findChangedIds } from './find-changed-ids.ts';
import { readSeenStatement, readTicket } from './read-proofs.ts';
import { findOutOfPlace, sortIds } from './sorted-ids.ts';
import { drawCheckTexts } from './texts/draw-check-texts.ts';
import { type VerifyDrawOptions, verifyDraw } from './verify-draw.ts';

const sample = makeSampleDraw();
const lines = sample.text.split('\n');
const firstId = lines.indexOf('ids') + 1;

const failuresOf = (text: string, options: VerifyDrawOptions = {}) => {
  const { ok, checks } = verifyDraw(text, options);
  const failed = checks.filter((check) => !check.ok && check.name !== 'places');
  if (ok !== (failed.length === 0)) throw new Error('ok says another thing than the checks');
  return Object.fromEntries(failed.map(({ name, detail }) => [name, detail]));
};
/** The file with other lines. */
const withLines = (change: (changed: string[]) => void) => {
  const changed = [...lines];
  change(changed);
  return changed.join('\n');
};

t.test('a real round of drand quicknet verifies without a network', async (t) => {
  const signature = fromHex(sampleRound.signature) as Uint8Array;
  t.equal(toHex(readQuicknetBeacon(sampleRound.round, signature) as Uint8Array), sampleRound.randomness);
  t.equal(readQuicknetBeacon(sampleRound.round + 1, signature), undefined, 'another round');
  const other = Uint8Array.from(signature);
  other[40] = (other[40] as number) ^ 1;
  t.equal(readQuicknetBeacon(sampleRound.round, other), undefined, 'another signature');
  t.equal(readQuicknetBeacon(sampleRound.round, randomBytes(48)), undefined, 'no point of the curve');
  t.equal(readQuicknetBeacon(sampleRound.round, new Uint8Array()), undefined, 'nothing');
  t.equal(quicknetTimeOf(1), 1_692_803_367_000);
});

t.test('the pinned chain is the one of the drand client', async (t) => {
  const { quicknetClient } = await import('drand-client');
  const params = quicknetClient().options.chainVerificationParams;
  t.same(params, { chainHash: quicknet.chain, publicKey: quicknet.publicKey });
});

t.test('the file holds, and gives the places', async (t) => {
  const verified = verifyDraw(sample.text);
  t.ok(verified.ok, JSON.stringify(verified.checks));
  t.same(
    [...(verified.places ?? [])].toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  t.notOk(verified.checks.some(({ warning }) => warning));
  t.same(parseDrawFile(sample.text).ids, sample.file.ids);
});

t.test('an empty draw, one entry, entries that left, void attempts', async (t) => {
  for (const options of [{ buyers: [] }, { buyers: ['a'] }, { left: [0, 4] }]) {
    t.ok(verifyDraw(makeSampleDraw(options).text).ok, JSON.stringify(options));
  }
  const third = verifyDraw(makeSampleDraw({ attempt: 3 }).text);
  t.ok(third.ok);
  t.match(
    third.checks.find(({ name }) => name === 'attempts'),
    { warning: true, detail: /^void: attempt 1 .*, attempt 2 / },
  );
  const line = verifyDraw(makeSampleDraw({ attempt: 4, ended: [1, 2] }).text);
  t.ok(line.ok);
  t.match(
    line.checks.find(({ name }) => name === 'attempts'),
    { warning: true, detail: /^void: attempt 3 .*; lines before that have ended: attempt 1 .*, attempt 2 / },
  );
  const hidden = makeSampleDraw({ attempt: 2 });
  t.match(failuresOf(hidden.text.replace(/^void .*\n/m, '')), { attempts: /attempt 2 must list .*: none/ });
});

t.test('without a beacon the shop could have chosen the outcome', async (t) => {
  const { ok, checks } = verifyDraw(makeSampleDraw({ beacon: false }).text);
  t.ok(ok);
  t.match(
    checks.find(({ name }) => name === 'beacon'),
    { ok: true, warning: true, detail: 'none: the shop could have chosen the outcome' },
  );
});

t.test('a beacon that proves nothing fails', async (t) => {
  const chain = 'cc9c398442737cbd141526600919edd69f1d6f9b4adb67e4d912fbc64341a9a5';
  const { round } = sampleRound;
  t.match(failuresOf(makeSampleDraw({ rules: { beacon: { chain, round } } }).text), { beacon: /test chain/ });
  t.match(failuresOf(makeSampleDraw({ round: null }).text), { beacon: /the file has no beacon/ });
  t.match(failuresOf(makeSampleDraw({ round: 'pending' }).text), {
    beacon: /not drawn yet: round 657413 is due at 2023-/,
  });
  t.match(failuresOf(makeSampleDraw({ round: { round: 5, signature: new Uint8Array(48) } }).text), {
    beacon: /has round 5/,
  });
  t.match(failuresOf(makeSampleDraw({ round: { round, signature: new Uint8Array(48) } }).text), {
    beacon: /not that of/,
  });
  const late = makeSampleDraw({ rules: { entriesCloseAt: '2023-09-15T10:55:00.000Z' } });
  t.match(failuresOf(late.text), { beacon: /too early/ });
  const none = makeSampleDraw({ beacon: false, round: { round, signature: new Uint8Array(48) } });
  t.match(failuresOf(none.text), { beacon: /rules name no beacon/ });
});

t.test('what was changed in the head is found', async (t) => {
  const head = (name: string, value: string) =>
    sample.text.replace(new RegExp(`^${name} .*$`, 'm'), `${name} ${value}`);
  const rules = lines[1] as string;
  t.match(failuresOf(sample.text.replace(rules, rules.replace('"count":3', '"count":4'))), { statement: /changed/ });
  t.match(failuresOf(head('seed', '00'.repeat(32))), { seed: /changed/, statement: /changed/ });
  t.match(failuresOf(head('root', '00'.repeat(32))), { statement: /changed/, entries: /at least one was changed/ });
  t.match(failuresOf(head('entries', '11')), { statement: /changed/, entries: /1 of the 11 stated ids are missing/ });
  t.match(failuresOf(head('statement', '00'.repeat(64))), { statement: /changed/ });
});

t.test('an entry that was changed, added, removed, moved or repeated is named', async (t) => {
  const other = 'f'.repeat(64);
  const changed = withLines((all) => all.splice(firstId + 3, 1, other));
  t.same(failuresOf(changed), {
    entries: `the id of line ${firstId + 4} (${other}) is out of sequence: it was changed`,
  });
  // Between its neighbours.
  const id = lines[firstId + 3] as string;
  const near = `${id.slice(0, 63)}${id.endsWith('0') ? '1' : '0'}`;
  t.match(failuresOf(withLines((all) => all.splice(firstId + 3, 1, near))), { entries: /at least one was changed/ });
  const seen = readSeenStatement(sample.text);
  t.match(
    failuresOf(
      withLines((all) => all.splice(firstId + 3, 1, near)),
      { seen },
    ),
    {
      seen: new RegExp(
        `line ${firstId + 4} \\(${near}\\) is not in the copy.*; ${id} of the copy that you saw is missing`,
      ),
    },
  );
  for (const at of [0, 4, 10]) {
    const near = toHex(
      addOne(fromHex(lines[firstId + Math.max(0, at - 1)] as string) as Uint8Array, at === 0 ? -1 : 1),
    );
    const added = withLines((all) => all.splice(firstId + at, 0, near));
    t.same(failuresOf(added), { entries: `the id of line ${firstId + at + 1} (${near}) was added` });
  }
  const unsorted = withLines((all) => all.splice(firstId, 0, other));
  t.same(failuresOf(unsorted), { entries: `the id of line ${firstId + 1} (${other}) was added` });
  t.same(failuresOf(withLines((all) => all.splice(firstId + 2, 2))), { entries: '2 of the 10 stated ids are missing' });
  const moved = withLines((all) => all.splice(firstId + 1, 0, ...all.splice(firstId + 6, 1)));
  t.match(failuresOf(moved), {
    entries: new RegExp(
      `^the id of line ${firstId + 2} \\(${lines[firstId + 6]}\\) was moved: it belongs after ${lines[firstId + 5]}$`,
    ),
  });
  const first = withLines((all) => all.splice(firstId + 6, 0, ...all.splice(firstId, 1)));
  t.match(failuresOf(first), { entries: /was moved: it belongs before all others$/ });
  const twice = withLines((all) => all.splice(firstId + 8, 0, id));
  t.match(failuresOf(twice), { entries: new RegExp(`line ${firstId + 9} \\(${id}\\) is there twice`) });
  const many = withLines((all) => all.splice(firstId, 0, ...Array.from({ length: 30 }, () => other)));
  t.match(failuresOf(many), { entries: /; and 20 more$/ });
});

/** The neighbour of an id. */
function addOne(id: Uint8Array, step: 1 | -1): Uint8Array {
  const value = BigInt(`0x${toHex(id)}`) + BigInt(step);
  return fromHex(value.toString(16).padStart(64, '0')) as Uint8Array;
}

t.test('without the ids out of place the others are ascending', async (t) => {
  for (let round = 0; round < 300; round++) {
    const count = 1 + (round % 12);
    const ids = new Uint8Array(count * 32);
    // Few values, so that some are equal.
    for (let i = 0; i < count; i++) ids[i * 32] = Math.floor(Math.random() * 10);
    const wrong = findOutOfPlace(ids);
    const kept = Array.from({ length: count }, (_, i) => i)
      .filter((i) => !wrong.includes(i))
      .map((i) => ids[i * 32]);
    t.same(
      kept,
      [...new Set(kept)].toSorted((a, b) => (a ?? 0) - (b ?? 0)),
      toHex(ids),
    );
    t.same(findOutOfPlace(sortIds(ids)), []);
  }
});

t.test('entries that left are entries', async (t) => {
  const { file } = makeSampleDraw({ left: [2, 5] });
  const swapped = Buffer.concat([file.left.subarray(32), file.left.subarray(0, 32)]);
  t.match(failuresOf(formatDrawFile(Object.assign({}, file, { left: swapped }))), { left: /not ascending/ });
  t.match(failuresOf(formatDrawFile(Object.assign({}, file, { left: randomBytes(32) }))), { left: /is no entry/ });
});

t.test('two statements for one draw are found', async (t) => {
  const json = (fields: object) => JSON.stringify(fields);
  const { drawId, statement, signature } = sample;
  const seen = {
    drawId: toHex(drawId),
    entries: 10,
    root: toHex(statement.root),
    seed: toHex(statement.seed),
    statement: toHex(signature),
  };
  t.same(failuresOf(sample.text, { seen: readSeenStatement(json(seen)) }), {});
  t.same(failuresOf(sample.text, { seen: readSeenStatement(sample.text) }), {});
  const other = Object.assign({}, statement, { entryCount: 9, root: randomBytes(32) });
  const lying = Object.assign({}, seen, {
    entries: 9,
    root: toHex(other.root),
    statement: toHex(signStatement(sampleKey, other)),
  });
  t.match(failuresOf(sample.text, { seen: readSeenStatement(json(lying)) }), {
    seen: /signed two statements for one draw, which differ in: entries \(9, 10\), root\. Keep both/,
  });
  const forged = Object.assign({}, seen, { entries: 9 });
  t.match(failuresOf(sample.text, { seen: readSeenStatement(json(forged)) }), { seen: /not signed by the shop/ });
  const elsewhere = Object.assign({}, seen, { drawId: '00'.repeat(32) });
  t.match(failuresOf(sample.text, { seen: readSeenStatement(json(elsewhere)) }), { seen: /another draw/ });
  for (const wrong of ['null', '{}', '{"drawId":"00"}', 'text']) t.throws(() => readSeenStatement(wrong), wrong);
});

t.test('a buyer finds the own entry and its place', async (t) => {
  const entry = sample.entries[3] as (typeof sample.entries)[number];
  const ticket = {
    drawId: toHex(sample.drawId),
    entryId: toHex(entry.entryId),
    salt: toHex(entry.salt),
    signature: toHex(entry.signature),
  };
  const check = (text: string, json: object) => {
    const { checks } = verifyDraw(text, { ticket: readTicket(JSON.stringify(json)) });
    return checks.find(({ name }) => name === 'ticket');
  };
  const places = [...(verifyDraw(sample.text).places ?? [])];
  const expected = `your entry is in line ${firstId + 4}, at place ${places.indexOf(3) + 1} of 10`;
  t.match(check(sample.text, ticket), { ok: true, detail: expected });
  t.match(check(sample.text, { buyer: entry.buyer, ticket }), { ok: true, detail: expected });
  t.match(check(sample.text, { buyer: 'another', ticket }), { ok: false, detail: /not of this buyer/ });
  t.match(check(sample.text, Object.assign({}, ticket, { signature: '00'.repeat(64) })), {
    ok: false,
    detail: /not signed/,
  });
  t.match(check(sample.text, Object.assign({}, ticket, { drawId: '00'.repeat(32) })), {
    ok: false,
    detail: /another draw/,
  });
  const removed = withLines((all) => all.splice(firstId + 3, 1));
  t.match(check(removed, ticket), { ok: false, detail: /not in the file.*it was removed: keep the ticket as proof/ });
  t.match(check(makeSampleDraw({ left: [3] }).text, ticket), { ok: true, detail: /listed as left/ });
  t.match(check(makeSampleDraw({ attempt: 2 }).text, ticket), { ok: false, detail: /attempt 1, which is void/ });
  const later = makeSampleDraw({ attempt: 2, ended: [1] }).text;
  t.match(check(later, ticket), { ok: false, detail: /attempt 1, whose line has ended/ });
  for (const wrong of ['null', '{}', '[]', 'text']) t.throws(() => readTicket(wrong), wrong);
});

t.test('a file that cannot be read names the line', async (t) => {
  const file = (text: string) => failuresOf(text).file;
  t.match(file(''), /^line 1: the file ends here/);
  t.match(file('hello\n'), /^line 1: this is no draw file/);
  t.match(file(sample.text.replaceAll('\n', '\r\n')), /^line 1: lines must end with a line feed alone/);
  t.match(file(sample.text.slice(0, -1)), /^line 20: this line has no end/);
  t.match(file(sample.text.replace('end\n', '')), /^line 20: the file ends here/);
  t.match(file(`${sample.text}\n`), /^line 21: nothing may follow/);
  t.match(file(sample.text.replace('rules {', 'rules  {')), /^line 2: The rules are not written/);
  t.match(file(sample.text.replace('entries 10', 'entries 010')), /^line 3: "010" is no number/);
  t.match(file(sample.text.replace('seed ', 'sead ')), /^line 5: expected seed and a space/);
  t.match(file(sample.text.replace('root ', 'root A')), /^line 4: root must be 64 characters/);
  t.match(file(sample.text.replace('beacon 6', 'beacon x')), /^line 7: "x57413" is no number/);
  t.match(file(sample.text.replace(/beacon .*/, 'beacon no')), /^line 7: beacon must be/);
  t.match(file(withLines((all) => all.splice(firstId + 1, 1, 'F'.repeat(64)))), /^line 10: an id must be/);
  t.match(file(withLines((all) => all.splice(firstId + 1, 1, 'f'.repeat(63)))), /^line 10: expected an id/);
});

t.test('a large file is checked in linear time, also when all is wrong', async (t) => {
  const count = 20_000;
  const ids = sortIds(randomBytes(count * 32));
  const tree = createMerkleTree();
  for (let i = 0; i < count; i++) tree.add(ids.subarray(i * 32, i * 32 + 32));
  const stated = { entryCount: count, root: tree.root() };
  t.same(findChangedIds({ ids, idsLine: 1 }, stated, drawCheckTexts.en), []);
  const reversed = Buffer.concat(
    Array.from({ length: count }, (_, i) => ids.subarray((count - 1 - i) * 32, (count - i) * 32)),
  );
  t.match(findChangedIds({ ids: reversed, idsLine: 1 }, stated, drawCheckTexts.en), [/was moved/]);
});

t.test('German says the same checks', async (t) => {
  const names = (language: 'en' | 'de') =>
    verifyDraw(sample.text, { language }).checks.map(({ name, ok }) => ({ name, ok }));
  t.same(names('de'), names('en'));
  t.match(verifyDraw(makeSampleDraw({ beacon: false }).text, { language: 'de' }).checks, [
    {},
    {},
    {},
    {},
    {},
    { detail: 'keine: Der Shop hätte das Ergebnis wählen können' },
  ]);
});
