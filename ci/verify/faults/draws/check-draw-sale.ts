import { toHex } from '../../../../proto/draws/hex.ts';
import { idAt } from '../../../../proto/draws/verify/sorted-ids.ts';
import { type VerifiedDraw, verifyDraw } from '../../../../proto/draws/verify/verify-draw.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import { findAuditBreaches } from '../system/find-audit-breaches.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

const FILE_LIMIT_MS = 60_000;
const FILE_DEADLINE_MS = 30_000;
const MAX_SHOWN = 3;

/** Checks of the public file that may fail or warn, such as `beacon` before its round. */
export type DrawExpectation = { mayFail?: string[]; mayWarn?: string[] };

type EntryRow = { entryId: Buffer; buyer: string; state: string; place: number | null; orderNo: string | null };

/**
 * What is wrong with a draw and its offers, one per line, without a beacon unless `mayWarn` says otherwise: an entry that is not in the file or is in it too late, a place that does not follow from
 * the file, an offer before its turn, a unit that is left or sold twice, and what the audit finds.
 */
export async function checkDrawSale(stage: DrawStage, sale: DrawSale, mayWarn = ['beacon']): Promise<string[]> {
  const verified = await readVerified(stage, sale.sid, 'drawn');
  return [
    ...judgeChecks(verified, { mayWarn }),
    ...(await compareEntries(stage, sale, verified)),
    ...(await compareOffers(stage, sale)),
    ...(await findAuditBreaches(stage.system, sale.sid)),
  ];
}

/** The public file, when the draw is in this state. */
export async function readVerified({ system }: DrawStage, sid: number, state: string): Promise<VerifiedDraw> {
  const read = async (path: string) => {
    const response = await fetch(`${system.url}/api/v1/stocks/${sid}/draw${path}`, {
      signal: AbortSignal.timeout(FILE_DEADLINE_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
    return text;
  };
  const check = async () => {
    const draw = JSON.parse(await read('')) as { state: string };
    if (draw.state !== state) throw new Error(`it is ${draw.state}`);
    const verified = verifyDraw(await read('/file'));
    // Another provider answered, whose read is up to a second older.
    if (state === 'drawn' && verified.file?.beacon === 'pending') throw new Error('the file waits for the beacon');
    return verified;
  };
  return waitUntil(`the draw of stock ${sid} to be ${state}`, check, { limitMs: FILE_LIMIT_MS });
}

export function judgeChecks({ checks }: VerifiedDraw, { mayFail = [], mayWarn = [] }: DrawExpectation): string[] {
  return checks
    .filter(({ ok, warning = false, name }) => (ok ? warning && !mayWarn.includes(name) : !mayFail.includes(name)))
    .map(({ name, detail }) => `public file: ${name}: ${detail}`);
}

/** Every entry that was answered is in the file or joined the line behind it, no other is, and the places are those of the file. */
async function compareEntries(stage: DrawStage, sale: DrawSale, { file, places }: VerifiedDraw): Promise<string[]> {
  if (!file || !places) return ['the places of the public file cannot be computed'];
  const rows = await readEntryRows(stage, sale.sid);
  const byId = new Map(rows.map((row) => [row.entryId.toString('hex'), row]));
  const placeOf = new Map(Array.from(places, (index, i) => [toHex(idAt(file.ids, index)), i + 1]));
  const told = new Set(sale.entered.values());
  const lost = [...sale.entered].filter(([buyer, id]) => byId.get(id)?.buyer !== buyer);
  const behind = rows.filter((row) => !placeOf.has(row.entryId.toString('hex')));
  const wrongPlace = rows.filter(({ entryId, place }) => {
    const drawn = placeOf.get(entryId.toString('hex'));
    return drawn === undefined ? place === null || place <= places.length : place !== drawn;
  });
  return [
    ...describe('entries were answered and are no rows', lost, ([buyer]) => buyer),
    ...describe(
      'ids of the file are no rows',
      [...placeOf.keys()].filter((id) => !byId.has(id)),
      (id) => id,
    ),
    ...describe(
      'entries were never answered',
      [...byId].filter(([id]) => !told.has(id)),
      ([id]) => id,
    ),
    ...describe(
      'entries of buyers who were refused',
      rows.filter(({ buyer }) => sale.refused.has(buyer)),
      ({ buyer }) => buyer,
    ),
    ...describe(
      'entries have another place than the file says',
      wrongPlace,
      ({ buyer, place }) => `${buyer} at ${place}`,
    ),
    ...(sale.joinsBehind ? [] : describe('entries are not in the file', behind, ({ buyer }) => buyer)),
  ];
}

/** All units are paid, and each offer went out after those of all places before it. */
async function compareOffers({ database }: DrawStage, { sid, units }: DrawSale): Promise<string[]> {
  type Offer = { place: number; atMs: number; state: string };
  const sql = `SELECT e.place, UNIX_TIMESTAMP(o.judged_at) * 1000 AS atMs, o.state FROM entry e JOIN stock_order o ON o.order_no = e.order_no
    WHERE e.sid = ? ORDER BY e.place`;
  const offers = await database.session((session) => session.rows<Offer>(sql, [sid]));
  const early = offers.filter(({ atMs }, i) => i > 0 && Number(atMs) < Number(offers[i - 1]?.atMs));
  const [row] = await database.session((session) =>
    session.rows<{ count: number; sale: number; paid: number }>(
      `SELECT s.count, s.sale, (SELECT COUNT(*) FROM stock_order o WHERE o.sid = s.id AND o.state = 'paid') AS paid FROM stock s WHERE s.id = ?`,
      [sid],
    ),
  );
  const { count = 0, sale = 0, paid = 0 } = row ?? {};
  return [
    ...describe('offers went out before an earlier place had its own', early, ({ place }) => `place ${place}`),
    ...(count === units && sale === units && Number(paid) === units
      ? []
      : [`of ${units} units ${sale} are taken and ${paid} paid; the stock has ${count}`]),
  ];
}

function readEntryRows({ database }: DrawStage, sid: number): Promise<EntryRow[]> {
  const sql = 'SELECT entry_id AS entryId, buyer, state, place, order_no AS orderNo FROM entry WHERE sid = ?';
  return database.session((session) => session.rows<EntryRow>(sql, [sid]));
}

function describe<T>(what: string, found: T[], name: (one: T) => string): string[] {
  if (found.length === 0) return [];
  return [`${found.length} ${what}, such as ${found.slice(0, MAX_SHOWN).map(name).join(', ')}`];
}
