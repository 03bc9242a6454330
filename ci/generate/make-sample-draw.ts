import { createHash } from 'node:crypto';
import { concatBytes, drawBytesOf } from '../../proto/draws/draw-bytes.ts';
import { type DrawRules, drawIdOf, encodeRules, hashSeed } from '../../proto/draws/draw-rules.ts';
import { entryIdOf } from '../../proto/draws/entry-id-of.ts';
import { type DrawFile, formatDrawFile } from '../../proto/draws/format-draw-file.ts';
import { fromHex, toHex } from '../../proto/draws/hex.ts';
import { createMerkleTree } from '../../proto/draws/merkle-tree.ts';
import { quicknet } from '../../proto/draws/quicknet.ts';
import { publicKeyOf, signStatement, signTicket } from '../../proto/draws/sign-draw.ts';

/** A round of drand quicknet, of September 2023. */
export const sampleRound = {
  round: 657_413,
  signature: 'b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b',
  randomness: 'fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587',
};

export type SampleDrawOptions = {
  /** Each gets a salt of its own. Default: 10. */
  buyers?: string[];
  /** Default: true. */
  beacon?: boolean;
  /** Entries that left, of the ascending ids. Default: none. */
  left?: number[];
  /** Default: 1. */
  attempt?: number;
  /** Attempts before whose line ended; the others are void. */
  ended?: number[];
  /** Fields that differ. */
  rules?: Partial<DrawRules>;
  round?: DrawFile['beacon'];
  /** Changes the text of the rules before anything is signed. */
  rewriteRules?: (text: string) => string;
};

const digest = (text: string) => new Uint8Array(createHash('sha256').update(text).digest());
const bytesOf = (hex: string) => fromHex(hex) as Uint8Array;

/** The shop's key of all samples; anybody knows it. */
export const sampleKey = toHex(digest('a key for samples'));

/** A draw with the same bytes each time. */
export function makeSampleDraw(options: SampleDrawOptions = {}) {
  const { beacon = true, left = [], attempt = 1, ended = [], rewriteRules = (text) => text } = options;
  const buyers = options.buyers ?? Array.from({ length: 10 }, (_, i) => `buyer-${i + 1}`);
  const seed = digest(`seed ${attempt}`);
  const rulesOf = (number: number) =>
    encodeRules(
      Object.assign(
        {
          sid: 7,
          attempt: number,
          count: 3,
          entriesOpenAt: '2023-09-15T01:00:00.000Z',
          entriesCloseAt: '2023-09-15T10:00:00.000Z',
          beacon: beacon ? { chain: quicknet.chain, round: sampleRound.round } : null,
          key: publicKeyOf(sampleKey),
          seedHash: toHex(hashSeed(digest(`seed ${number}`))),
        },
        options.rules,
      ),
    );
  const rules = drawBytesOf(rewriteRules(new TextDecoder().decode(rulesOf(attempt))));
  const drawId = drawIdOf(rules);
  const entries = buyers
    .map((buyer) => {
      const salt = digest(`salt of ${buyer}`);
      const entryId = entryIdOf(drawId, buyer, salt);
      return { buyer, salt, entryId, signature: signTicket(sampleKey, drawId, entryId) };
    })
    .sort((a, b) => Buffer.compare(a.entryId, b.entryId));
  const tree = createMerkleTree();
  for (const { entryId } of entries) tree.add(entryId);
  const statement = { drawId, entryCount: entries.length, root: tree.root(), seed };
  const signature = signStatement(sampleKey, statement);
  const round = beacon ? { round: sampleRound.round, signature: bytesOf(sampleRound.signature) } : null;
  const file: DrawFile = {
    rules,
    earlier: Array.from({ length: attempt - 1 }, (_, i) => ({
      kind: ended.includes(i + 1) ? 'ended' : 'void',
      rules: rulesOf(i + 1),
    })),
    entryCount: entries.length,
    root: statement.root,
    seed,
    statement: signature,
    beacon: options.round === undefined ? round : options.round,
    ids: concatBytes(...entries.map(({ entryId }) => entryId)),
    left: concatBytes(...left.map((index) => entries[index]?.entryId as Uint8Array)),
  };
  return { file, text: formatDrawFile(file), drawId, statement, signature, entries };
}
