import type { Static } from 'typebox';
import type { DrawEvent } from '../../db/draws/draw-event-table.ts';
import { EVENT_NAMES } from '../../db/webhooks/event-types.ts';
import { toHex } from '../../proto/draws/hex.ts';
import { dataSchemaOf, type drawEventDataSchema } from './order-event-schemas.ts';

/** An event of a draw as CloudEvents 1.0 in structured mode, which order-event-schemas.ts describes. */
export function toDrawEventMessage(event: DrawEvent) {
  const { orderNo: subject, type, sid, createdAtMs, attempt, drawId, entryCount, root, seed, statement } = event;
  const name = EVENT_NAMES[type];
  return {
    specversion: '1.0',
    id: `${subject}:${type}`,
    source: '/flash-sale/draws',
    type: name,
    subject,
    time: new Date(createdAtMs).toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(name),
    data: {
      sid: String(sid),
      attempt,
      drawId: toHex(drawId),
      entries: entryCount,
      root: toHex(root),
      seed: toHex(seed),
      statement: toHex(statement),
    } satisfies Static<typeof drawEventDataSchema>,
  };
}
