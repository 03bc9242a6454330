import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashSeed } from '../../proto/draws/draw-rules.ts';
import { toHex } from '../../proto/draws/hex.ts';
import { orderEntries, orderKeyOf } from '../../proto/draws/order-entries.ts';
import { publicKeyOf } from '../../proto/draws/sign-draw.ts';
import { root } from '../local/set-up/set-up.mjs';
import { makeSampleDraw, type SampleDrawOptions, sampleKey, sampleRound } from './make-sample-draw.ts';

export const vectorsFile = path.join(root, 'docs', 'draw-vectors.json');

const draws: Record<string, SampleDrawOptions> = {
  'ten entries, drand quicknet': {},
  'no beacon, two left, names beyond ASCII': { beacon: false, left: [1, 2], buyers: ['ä', '买家', 'a b', 'x', 'y'] },
  'third attempt, one entry': { attempt: 3, buyers: ['buyer-1'] },
  'third line of a rush, its second attempt': { attempt: 4, ended: [1, 2], buyers: ['buyer-1', 'buyer-2'] },
  'nobody entered': { buyers: [] },
};

/** The test vectors of docs/draw-protocol.md, for other implementations. */
export function describeVectors(): string {
  const vectors = Object.entries(draws).map(([name, options]) => [name, describeVector(options)]);
  return `${JSON.stringify(Object.fromEntries(vectors), null, 2)}\n`;
}

function describeVector(options: SampleDrawOptions) {
  const { file, text, drawId, statement, signature, entries } = makeSampleDraw(options);
  const randomness = file.beacon === null ? null : sampleRound.randomness;
  const outcome = {
    drawId,
    seed: statement.seed,
    root: statement.root,
    randomness: randomness === null ? null : Uint8Array.from(Buffer.from(randomness, 'hex')),
  };
  const places = orderEntries(file.ids, outcome);
  return {
    drawKey: sampleKey,
    publicKey: publicKeyOf(sampleKey),
    rules: new TextDecoder().decode(file.rules),
    drawId: toHex(drawId),
    seed: toHex(statement.seed),
    seedHash: toHex(hashSeed(statement.seed)),
    entries: entries.map(({ buyer, salt, entryId, signature: ticket }) => ({
      buyer,
      salt: toHex(salt),
      entryId: toHex(entryId),
      ticket: toHex(ticket),
    })),
    root: toHex(statement.root),
    statement: toHex(signature),
    randomness,
    orderKey: toHex(orderKeyOf(outcome)),
    places: Array.from(places, (index) => toHex(entries[index]?.entryId as Uint8Array)),
    file: text,
  };
}

if (import.meta.main) writeFileSync(vectorsFile, describeVectors());
