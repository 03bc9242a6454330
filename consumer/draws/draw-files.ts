import { Readable } from 'node:stream';
import {
  DRAW_FILE_END,
  DRAW_FILE_LEFT,
  type EarlierAttempt,
  formatDrawHead,
  formatDrawIds,
} from '../../proto/draws/format-draw-file.ts';
import type { Draw } from '../../proto/gen/flashsale/v1/Draw.ts';
import { Problem, retryAfter } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';

/** What the file of a draw shows, besides its ids. */
export type DrawOfFile = Pick<
  Draw,
  | 'sid'
  | 'attempt'
  | 'rules'
  | 'voidAttempts'
  | 'endedAttempts'
  | 'entries'
  | 'root'
  | 'seed'
  | 'statement'
  | 'beaconRound'
  | 'beaconSignature'
>;

const PAGE_SIZE = 10_000;
const ID_BYTES = 32;
/** A process sends so many files at once. */
const MAX_FILES = 8;
/** Of one file, so that slow readers do not keep out all others. A million entries need 220 kB a second. */
const FILE_DEADLINE_MS = 300_000;

/**
 * Opens the public file of a draw that is stated. Pages are read as fast as the client reads the response, until the deadline. Throws Problem
 * `busy`.
 */
export function createDrawFiles(
  providers: Pick<Providers, 'listEntryIds'>,
  deadlineMs = FILE_DEADLINE_MS,
): (draw: DrawOfFile) => Promise<Readable> {
  let open = 0;

  async function* ids(draw: DrawOfFile, leftOnly: boolean, first: Buffer): AsyncGenerator<string> {
    for (let page = first; page.length > 0; ) {
      yield formatDrawIds(page);
      if (page.length < PAGE_SIZE * ID_BYTES) return;
      page = await read(draw, leftOnly, page.subarray(-ID_BYTES));
    }
  }

  // All pages are of the draw that the head shows, on whichever provider.
  const read = async (
    { sid, attempt, entries = 0 }: DrawOfFile,
    leftOnly: boolean,
    afterId: Buffer = Buffer.alloc(0),
  ): Promise<Buffer> =>
    (await providers.listEntryIds({ sid, attempt, entries, afterId, leftOnly, pageSize: PAGE_SIZE })).ids;

  async function* parts(draw: DrawOfFile, first: Buffer): AsyncGenerator<string> {
    yield headOf(draw);
    yield* ids(draw, false, first);
    yield DRAW_FILE_LEFT;
    yield* ids(draw, true, await read(draw, true));
    yield DRAW_FILE_END;
  }

  return async (draw) => {
    if (open >= MAX_FILES) throw new Problem('busy', `${MAX_FILES} files are already being sent.`);
    open += 1;
    try {
      // The first page is read before the response starts, so that an error becomes a problem and not half a file.
      const stream = Readable.from(parts(draw, await read(draw, false)));
      // Emitted after the last line, after an error, and when the client disconnects.
      const deadline = setTimeout(() => stream.destroy(new Error('The reader of a file is too slow.')), deadlineMs);
      stream.once('close', () => {
        clearTimeout(deadline);
        open -= 1;
      });
      return stream;
    } catch (error) {
      open -= 1;
      throw error;
    }
  };
}

function headOf(draw: DrawOfFile): string {
  const { rules, voidAttempts, endedAttempts, entries = 0, root, seed, statement, beaconRound, beaconSignature } = draw;
  const attempts = [
    ...voidAttempts.map(({ attempt, rules }) => ({ attempt, rules, kind: 'void' as const })),
    ...endedAttempts.map(({ attempt, rules }) => ({ attempt, rules, kind: 'ended' as const })),
  ];
  const earlier: EarlierAttempt[] = attempts.toSorted((a, b) => a.attempt - b.attempt);
  const isKnown = beaconSignature.length > 0;
  return formatDrawHead({
    rules,
    earlier,
    entryCount: entries,
    root,
    seed,
    statement,
    beacon: beaconRound === undefined ? null : isKnown ? { round: beaconRound, signature: beaconSignature } : 'pending',
  });
}

/** An attempt at the draw that had a statement; null: there is none with this number. */
export function findStated(draw: Draw, attempt: number): DrawOfFile | null {
  if (attempt === draw.attempt) return draw.statedAtMs === undefined ? null : draw;
  const { sid, voidAttempts, endedAttempts } = draw;
  const ended = endedAttempts.find((one) => one.attempt === attempt);
  if (!ended) return null;
  // A provider of an earlier release does not tell it.
  if (ended.drawId.length === 0) throw new Problem('busy', undefined, {}, retryAfter());
  if (ended.statement.length === 0) return null;
  const isBefore = (one: { attempt: number }) => one.attempt < attempt;
  return {
    ...ended,
    sid,
    voidAttempts: voidAttempts.filter(isBefore),
    endedAttempts: endedAttempts.filter(isBefore),
  };
}
