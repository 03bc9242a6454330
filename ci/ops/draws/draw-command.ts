import { readFileSync, writeFileSync } from 'node:fs';
import { drawIdOf } from '../../../proto/draws/draw-rules.ts';
import { toHex } from '../../../proto/draws/hex.ts';
import { readSeenStatement, readTicket } from '../../../proto/draws/verify/read-proofs.ts';
import { idAt } from '../../../proto/draws/verify/sorted-ids.ts';
import { type VerifiedDraw, verifyDraw } from '../../../proto/draws/verify/verify-draw.ts';
import { createCommand } from '../../command/create-command.ts';
import { UsageError } from '../../command/usage-error.ts';
import { writeJson } from '../../command/write-json.ts';

const usage = `Usage: flash-sale draw verify FILE [--seen FILE] [--ticket FILE] [--places FILE] [--json FILE]

Checks the public file of a draw (GET /api/v1/stocks/{sid}/draw/file) without a network and without trusting the shop: rules, statement,
the beacon's round, all entries, and the places that follow from them (docs/draw-protocol.md).

  --seen FILE    compare with a statement that you saw before: another copy of the file, or what GET /api/v1/stocks/{sid}/draw answered
  --ticket FILE  find your own entry and its place: the JSON of your entry, which has the ticket
  --places FILE  write the id at each place, one a line, to FILE; to standard output if it is -
  --json FILE    write the result as JSON to FILE; to standard output if it is -
  --help         print this

Exit code 0: the file holds. 1: it does not, or it cannot be read. 2: wrong input.

Examples:
  npx flash-sale draw verify draw-7.txt
  npx flash-sale draw verify draw-7.txt --seen statement-7.json --ticket my-entry.json
  npx flash-sale draw verify draw-7.txt --json - --places places.txt`;

/** `flash-sale draw verify FILE`: checks the public file of a draw. */
export const drawCommand = createCommand({
  usage,
  options: {
    seen: { type: 'string' },
    ticket: { type: 'string' },
    places: { type: 'string' },
    json: { type: 'string' },
  },
  allowPositionals: true,
  run({ seen, ticket, places, json }, [verb, file, ...more]) {
    if (verb !== 'verify') throw new UsageError(`Expected verify, found ${verb ?? 'nothing'}.`);
    if (file === undefined || more.length > 0) throw new UsageError('verify takes one FILE.');
    const verified = verifyDraw(readFileSync(file, 'utf8'), {
      seen: readOption(seen, readSeenStatement),
      ticket: readOption(ticket, readTicket),
    });
    printChecks(verified);
    if (places !== undefined) writePlaces(places, verified);
    writeJson(json, describeDraw(verified));
    return verified.ok ? 0 : 1;
  },
});

function readOption<T>(file: string | undefined, read: (text: string) => T): T | undefined {
  if (file === undefined) return undefined;
  try {
    return read(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

function printChecks({ ok, checks }: VerifiedDraw): void {
  for (const check of checks) {
    const mark = check.warning ? '!' : check.ok ? '✓' : '✗';
    console.log(`${mark} ${check.name.padEnd(10)} ${check.detail}`);
  }
  const warned = checks.some(({ warning }) => warning);
  if (!ok) console.log('\nThe file does not hold.');
  else console.log(warned ? '\nThe file holds; see the lines with !.' : '\nThe file holds.');
}

function writePlaces(target: string, { file, places }: VerifiedDraw): void {
  if (!file || !places) return;
  const text = Array.from(places, (index) => `${toHex(idAt(file.ids, index))}\n`).join('');
  if (target === '-') process.stdout.write(text);
  else writeFileSync(target, text);
}

function describeDraw({ ok, checks, file }: VerifiedDraw) {
  if (!file) return { ok, checks };
  const { rules, parsedRules, entryCount, root, seed, statement } = file;
  return {
    ok,
    checks,
    rules: parsedRules,
    drawId: toHex(drawIdOf(rules)),
    entries: entryCount,
    root: toHex(root),
    seed: toHex(seed),
    statement: toHex(statement),
  };
}
