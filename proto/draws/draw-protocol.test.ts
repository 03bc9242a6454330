import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import t from 'tap';
import { type DrawRules, drawIdOf, encodeRules, hashSeed, parseRules } from './draw-rules.ts';
import { entryIdOf } from './entry-id-of.ts';
import { fromHex, toHex } from './hex.ts';
import { createMerkleTree } from './merkle-tree.ts';
import { orderEntries } from './order-entries.ts';
import { publicKeyOf, signStatement, signTicket } from './sign-draw.ts';
import { isStatement, isTicket } from './statement.ts';

// Each rule of docs/draw-protocol.md, written once more with Node's crypto.

const sha256 = (...parts: (Uint8Array | string)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest();
const tag = (label: string) => `flash-sale/draw/v1/${label}\0`;
const key = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const drawId = sha256('a draw');

function makeIds(count: number): Uint8Array[] {
  const ids = Array.from({ length: count }, (_, i) => sha256(`entry ${i}`)).sort(Buffer.compare);
  return ids.map((id) => new Uint8Array(id));
}

t.test('hexadecimal is lower case, of whole bytes, of the length asked for', async (t) => {
  t.equal(toHex(new Uint8Array([0, 10, 255])), '000aff');
  t.same(fromHex('000aff'), new Uint8Array([0, 10, 255]));
  for (const text of ['0', '0A', '0g', '0x', ' 0']) t.equal(fromHex(text), undefined, text);
  t.equal(fromHex('00', 2), undefined);
});

t.test('the rules have one form', async (t) => {
  const rules: DrawRules = {
    sid: 7,
    attempt: 1,
    count: 1000,
    entriesOpenAt: '2026-12-01T08:00:00.000Z',
    entriesCloseAt: '2026-12-01T20:00:00.000Z',
    beacon: { chain: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971', round: 35_000_000 },
    key: publicKeyOf(key),
    seedHash: toHex(hashSeed(new Uint8Array(32))),
  };
  const bytes = encodeRules(rules);
  const text = Buffer.from(bytes).toString();
  t.match(text, /^\{"sid":7,"attempt":1,"count":1000,"entriesOpenAt":"2026-12-01T08:00:00\.000Z",/);
  t.same(parseRules(bytes), rules);
  t.same(Buffer.from(drawIdOf(bytes)), sha256(text));
  t.equal(parseRules(encodeRules(Object.assign({}, rules, { beacon: null }))).beacon, null);
  for (const [name, other] of [
    ['a space', text.replace(':', ': ')],
    ['another sequence', text.replace('"sid":7,"attempt":1', '"attempt":1,"sid":7')],
    ['one field more', text.replace('}', ',"more":1}')],
    ['no JSON', text.slice(1)],
    ['no count', text.replace('"count":1000', '"count":0')],
    ['a key that is too short', text.replace(rules.key, rules.key.slice(2))],
    ['a time without milliseconds', text.replace('08:00:00.000Z', '08:00:00Z')],
    ['null', 'null'],
    ['a byte order mark', `\uFEFF${text}`],
  ] as const) {
    t.not(other, text, name);
    t.throws(() => parseRules(Buffer.from(other)), name);
  }
  t.throws(() => encodeRules(Object.assign({}, rules, { count: 0 })), { message: 'The rules have a wrong count.' });
});

t.test('seed and entry id', async (t) => {
  const seed = randomBytes(32);
  const salt = randomBytes(32);
  t.same(Buffer.from(hashSeed(seed)), sha256(tag('seed'), seed));
  // Bytes of UTF-8, not characters.
  const length = new Uint8Array([0, 0, 0, 8]);
  t.same(Buffer.from(entryIdOf(drawId, 'käufer1', salt)), sha256(tag('entry'), drawId, length, 'käufer1', salt));
});

t.test('the tree is that of RFC 9162, for each number of leaves', async (t) => {
  const recursive = (ids: Uint8Array[]): Buffer => {
    if (ids.length === 0) return sha256('');
    if (ids.length === 1) return sha256('\0', ids[0] as Uint8Array);
    const left = 2 ** Math.floor(Math.log2(ids.length - 1));
    return sha256('\u0001', recursive(ids.slice(0, left)), recursive(ids.slice(left)));
  };
  for (let count = 0; count <= 70; count++) {
    const ids = makeIds(count);
    const tree = createMerkleTree();
    for (const id of ids) {
      tree.add(id);
      if (count % 7 === 0) tree.root();
    }
    t.same(Buffer.from(tree.root()), recursive(ids), `${count} leaves`);
    t.equal(tree.leaves(), count);
  }
  const [a, b] = makeIds(2) as [Uint8Array, Uint8Array];
  const tree = createMerkleTree();
  tree.add(b);
  t.throws(() => tree.add(b), /ascending/);
  t.throws(() => tree.add(a), /ascending/);
  t.throws(() => tree.add(new Uint8Array(31)), /32 bytes/);
});

t.test('places are the sequence of the HMACs', async (t) => {
  const seed = randomBytes(32);
  const root = randomBytes(32);
  for (const randomness of [randomBytes(32), null]) {
    const ids = makeIds(500);
    const k = sha256(tag('order'), drawId, seed, root, randomness ?? new Uint8Array(32));
    const rank = (id: Uint8Array) => createHmac('sha256', k).update(id).digest();
    const expected = ids.toSorted((a, b) => Buffer.compare(rank(a), rank(b)));
    const places = orderEntries(Buffer.concat(ids), { drawId, seed, root, randomness });
    t.same(
      [...places].map((index) => ids[index]),
      expected,
    );
  }
  t.same([...orderEntries(new Uint8Array(), { drawId, seed, root, randomness: null })], []);
  t.throws(() => orderEntries(new Uint8Array(33), { drawId, seed, root, randomness: null }), /32 bytes/);
});

t.test('a ticket and a statement are signatures of the shop', async (t) => {
  // The first test vector of RFC 8032.
  const publicKey = publicKeyOf(key);
  t.equal(publicKey, 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  t.equal(publicKeyOf(key.toUpperCase()), publicKey);
  t.throws(() => publicKeyOf('00'), /DRAW_KEY/);
  const entryId = randomBytes(32);
  const ticket = signTicket(key, drawId, entryId);
  t.equal(ticket.length, 64);
  t.ok(isTicket(publicKey, drawId, entryId, ticket));
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  const node = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  t.ok(verify(null, Buffer.concat([Buffer.from(tag('ticket')), drawId, entryId]), node, ticket));
  t.notOk(isTicket(publicKey, drawId, randomBytes(32), ticket));
  t.notOk(isTicket(publicKey, entryId, drawId, ticket));
  t.notOk(isTicket(publicKeyOf(randomBytes(32).toString('hex')), drawId, entryId, ticket));
  t.notOk(isTicket(publicKey, drawId, entryId, ticket.subarray(1)));
  t.notOk(isTicket('no key', drawId, entryId, ticket));

  const statement = { drawId, entryCount: 2 ** 40 + 5, root: randomBytes(32), seed: randomBytes(32) };
  const signature = signStatement(key, statement);
  t.ok(isStatement(publicKey, statement, signature));
  const count = Buffer.from('0000010000000005', 'hex');
  t.ok(
    verify(
      null,
      Buffer.concat([Buffer.from(tag('root')), drawId, count, statement.root, statement.seed]),
      node,
      signature,
    ),
  );
  t.notOk(isStatement(publicKey, Object.assign({}, statement, { entryCount: 5 }), signature));
  t.notOk(isStatement(publicKey, Object.assign({}, statement, { seed: statement.root }), signature));
});
