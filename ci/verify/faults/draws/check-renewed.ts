import { entryIdOf } from '../../../../proto/draws/entry-id-of.ts';
import { toHex } from '../../../../proto/draws/hex.ts';
import { indexOfId } from '../../../../proto/draws/verify/sorted-ids.ts';
import { findAuditBreaches } from '../system/find-audit-breaches.ts';
import { judgeChecks, readVerified } from './check-draw-sale.ts';
import { readDraw } from './create-draw-sale.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

type Row = { buyer: string; entryId: Buffer; salt: Buffer; attempt: number; state: string };

/** What is wrong with a second attempt that waits for its round: it keeps all entries of the void one, with ids of its own. One per line. */
export async function checkRenewed(stage: DrawStage, sale: DrawSale): Promise<string[]> {
  const verified = await readVerified(stage, sale.sid, 'stated');
  const { drawId, attempt, entryCount } = await readDraw(stage, sale.sid);
  const sql = 'SELECT buyer, entry_id AS entryId, salt, attempt, state FROM entry WHERE sid = ?';
  const rows = await stage.database.session((session) => session.rows<Row>(sql, [sale.sid]));
  const byBuyer = new Map(rows.map((row) => [row.buyer, row]));
  const ids = verified.file?.ids ?? new Uint8Array();
  const lost = [...sale.entered.keys()].filter((buyer) => {
    const row = byBuyer.get(buyer);
    if (row?.attempt !== attempt || row.state !== 'waiting') return true;
    const isOwn = toHex(row.entryId) === toHex(entryIdOf(drawId, buyer, row.salt));
    return !isOwn || indexOfId(ids, row.entryId) < 0;
  });
  return [
    ...(attempt === 2 ? [] : [`this is attempt ${attempt}`]),
    ...judgeChecks(verified, { mayFail: ['beacon', 'places'], mayWarn: ['attempts'] }),
    ...lost.slice(0, 3).map((buyer) => `the entry of ${buyer} is not in the second attempt (${lost.length} in all)`),
    ...(entryCount === sale.entered.size
      ? []
      : [`${sale.entered.size} entries were answered, ${entryCount} are stated`]),
    ...(await findAuditBreaches(stage.system, sale.sid)),
  ];
}
