import { Type } from 'typebox';
import { toHex } from '../../proto/draws/hex.ts';
import type { Entry } from '../../proto/gen/flashsale/v1/Entry.ts';
import { exampleOrderNo, nullable, sidText, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';

const STATES = { WAITING: 'waiting', OFFERED: 'offered', LEFT: 'left', ENTRY_STATE_UNSPECIFIED: 'waiting' } as const;

export type EntryView = {
  sid: string;
  state: 'waiting' | 'offered' | 'left';
  enteredAt: string;
  place: number | null;
  ahead: number | null;
  knownAt: string | null;
  orderNo: string | null;
  ticket: { drawId: string; entryId: string; salt: string; signature: string } | null;
};

const hex = (description: string) => Type.String({ pattern: '^[0-9a-f]*$', description });

export const entrySchema = Type.Object(
  {
    sid: sidText,
    state: Type.String({
      enum: ['waiting', 'offered', 'left'],
      description:
        '`waiting`: its turn is still to come; `offered`: it had its turn, see `orderNo`; `left`: its buyer left, or had an active order when its turn came',
      examples: ['waiting'],
    }),
    enteredAt: time('When the buyer entered'),
    place: nullable(Type.Integer({ description: 'From 1; null: the draw is still to come', examples: [17] })),
    ahead: nullable(
      Type.Integer({ description: 'At most so many entries wait before it; null: not known', examples: [12] }),
    ),
    knownAt: nullable(time('When the places are expected to be drawn; null: they are drawn')),
    orderNo: nullable(Type.String({ description: 'The order of the offer; null: none', examples: [exampleOrderNo()] })),
    ticket: Type.Unsafe<EntryView['ticket']>({
      ...Type.Object({
        drawId: hex('SHA-256 of the rules of the draw'),
        entryId: hex('The id of the entry, as the public file lists it'),
        salt: hex('Keep it: with it the buyer can prove which entry is his'),
        signature: hex('Ed25519 of the shop over the draw and the entry'),
      }),
      type: ['object', 'null'],
      description:
        'Proves the entry, also without the shop (docs/draw-protocol.md). Keep it, and show it to nobody; null: the entry is in no draw',
    }),
  },
  { $id: 'Entry', description: 'A buyer’s entry into the draw or the line of a stock' },
);

export function entryView(entry: Entry): EntryView {
  const { sid, state, enteredAtMs, place, ahead, knownAtMs, orderNo, drawId, entryId, salt, signature } = entry;
  return {
    sid: String(sid),
    state: STATES[state],
    enteredAt: new Date(enteredAtMs).toISOString(),
    place: place ?? null,
    ahead: ahead ?? null,
    knownAt: isoOrNull(knownAtMs),
    orderNo: orderNo || null,
    ticket:
      signature.length === 0
        ? null
        : { drawId: toHex(drawId), entryId: toHex(entryId), salt: toHex(salt), signature: toHex(signature) },
  };
}
