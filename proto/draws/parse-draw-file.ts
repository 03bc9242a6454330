import { DIGEST_BYTES, drawBytesOf } from './draw-bytes.ts';
import { type DrawRules, parseRules } from './draw-rules.ts';
import { DRAW_FILE_VERSION, type DrawFile, EARLIER_ATTEMPTS, type EarlierAttempt } from './format-draw-file.ts';
import { fromHex, readHex } from './hex.ts';

export type ParsedDrawFile = DrawFile & {
  parsedRules: DrawRules;
  /** Of `earlier`. */
  parsedEarlier: DrawRules[];
  /** The line of the first id; the others follow. */
  idsLine: number;
  /** The line of the first id that left. */
  leftLine: number;
};

const ID_CHARACTERS = DIGEST_BYTES * 2;

/**
 * Reads the public file. Throws an error that names the line, except for what verifyDraw checks: whether ids are ascending, and whether digests and
 * signatures are right.
 */
export function parseDrawFile(text: string): ParsedDrawFile {
  const lines = createLineReader(text);
  if (lines.next() !== DRAW_FILE_VERSION) lines.fail(`this is no draw file: it must begin with ${DRAW_FILE_VERSION}`);
  const rules = readRules(lines.field('rules'), lines.fail);
  const earlier: EarlierAttempt[] = [];
  const parsedEarlier: DrawRules[] = [];
  for (;;) {
    const kind = EARLIER_ATTEMPTS.find((name) => lines.isField(name));
    if (!kind) break;
    const attempt = readRules(lines.field(kind), lines.fail);
    earlier.push({ kind, rules: attempt.bytes });
    parsedEarlier.push(attempt.parsed);
  }
  const entryCount = readNumber(lines.field('entries'), lines.fail);
  const digest = (name: string, length = DIGEST_BYTES) =>
    fromHex(lines.field(name), length) ?? lines.fail(`${name} must be ${2 * length} characters of 0-9 and a-f`);
  const root = digest('root');
  const seed = digest('seed');
  const statement = digest('statement', 64);
  const beacon = readBeacon(lines.field('beacon'), lines.fail);
  if (lines.next() !== 'ids') lines.fail('expected the line ids');
  const idsLine = lines.number() + 1;
  const ids = lines.ids('left');
  const leftLine = lines.number() + 1;
  const left = lines.ids('end');
  if (!lines.isEnd()) lines.fail('nothing may follow the line end', 1);
  return {
    rules: rules.bytes,
    parsedRules: rules.parsed,
    earlier,
    parsedEarlier,
    entryCount,
    root,
    seed,
    statement,
    beacon,
    ids,
    left,
    idsLine,
    leftLine,
  };
}

type Fail = (message: string, linesOn?: number) => never;

function createLineReader(text: string) {
  let at = 0;
  let line = 0;

  const fail: Fail = (message, linesOn = 0) => {
    throw new Error(`line ${line + linesOn}: ${message}`);
  };
  function next(): string {
    const end = text.indexOf('\n', at);
    line++;
    if (end < 0) fail(at === text.length ? 'the file ends here; its last line must be end' : 'this line has no end');
    const found = text.slice(at, end);
    if (found.endsWith('\r')) fail('lines must end with a line feed alone: a program has changed the file');
    at = end + 1;
    return found;
  }
  const isField = (name: string) => text.startsWith(`${name} `, at);

  return {
    fail,
    next,
    isField,
    field(name: string): string {
      const expected = isField(name);
      const found = next();
      return expected ? found.slice(name.length + 1) : fail(`expected ${name} and a space`);
    },
    /** All ids until the line `end`. */
    ids(end: string): Uint8Array {
      const bytes = new Uint8Array(countIds(text, at) * DIGEST_BYTES);
      let length = 0;
      for (; text.charCodeAt(at + ID_CHARACTERS) === 10; at += ID_CHARACTERS + 1, length += DIGEST_BYTES) {
        line++;
        if (!readHex(text, at, bytes, length, DIGEST_BYTES)) fail('an id must be 64 characters of 0-9 and a-f');
      }
      const found = next();
      if (found !== end) fail(`expected an id of 64 characters, or the line ${end}`);
      return bytes.subarray(0, length);
    },
    number: () => line,
    isEnd: () => at === text.length,
  };
}

/** Lines that are as long as an id, from `at` on. */
function countIds(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at + count * (ID_CHARACTERS + 1) + ID_CHARACTERS) === 10) count++;
  return count;
}

function readRules(text: string, fail: Fail): { bytes: Uint8Array; parsed: DrawRules } {
  const bytes = drawBytesOf(text);
  try {
    return { bytes, parsed: parseRules(bytes) };
  } catch (error) {
    return fail((error as Error).message);
  }
}

function readNumber(text: string, fail: Fail): number {
  const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : fail(`${JSON.stringify(text)} is no number`);
}

function readBeacon(text: string, fail: Fail): DrawFile['beacon'] {
  if (text === 'none') return null;
  if (text === 'pending') return 'pending';
  const [round = '', hex = '', ...more] = text.split(' ');
  const signature = fromHex(hex, 48);
  if (!signature || more.length > 0)
    return fail('beacon must be none, pending, or a round and 96 characters of 0-9 and a-f');
  return { round: readNumber(round, fail), signature };
}
