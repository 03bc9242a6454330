import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { createAdmissionChallenges } from '../admission/admission-challenge.ts';
import { claimRequired, isAdmissionNeeded, openingOf } from '../admission/admission-check.ts';
import { signAdmission } from '../admission/admission-token.ts';
import { bearerSecurity, nullable, problemResponses, sidParams, sidText, time } from '../api/api-schemas.ts';
import type { Identify, Identity } from '../auth/identify.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import type { StockReader } from '../stocks/stock-reader.ts';

export type AdmissionRoutesOptions = {
  config: Pick<ConsumerConfig, 'ADMISSION' | 'ADMISSION_KEY' | 'ADMISSION_WORK' | 'ADMISSION_LEAD'>;
  identify: Identify;
  stocks: Pick<StockReader, 'read'>;
};

/** Of a token and a challenge for a stock that does not close. */
const VALID_MS = 86_400_000;

type Admission = { needed: false } | { needed: true; fromMs: number; nowMs: number; expiresAtSeconds: number };

/** GET and POST /stocks/{sid}/admission: the challenge, and the admission token for its solution. */
export function admissionRoutes({ config, identify, stocks }: AdmissionRoutesOptions) {
  const keys = config.ADMISSION_KEY;
  const challenges = createAdmissionChallenges(keys, config.ADMISSION_WORK);

  async function readStock(sid: number): Promise<{ stock: Stock; nowMs: number }> {
    const { value: stock, heldMs } = await stocks.read(sid);
    if (stock?.kind !== 'sale') throw new Problem('stock_not_found', `No such stock: ${sid}.`);
    return { stock, nowMs: databaseNowMs({ value: stock, heldMs }) };
  }

  async function readAdmission(sid: number, caller: Identity): Promise<Admission & { stock: Stock }> {
    const { stock, nowMs } = await readStock(sid);
    if (caller.missingClaim !== null) throw claimRequired(caller.missingClaim);
    if (config.ADMISSION === 'off' || caller.isVouchedFor || !isAdmissionNeeded(stock)) return { needed: false, stock };
    const { opensAtMs, closesAtMs } = stock;
    if (closesAtMs !== null && closesAtMs <= nowMs) throw new Problem('closed');
    const startMs = Math.max(opensAtMs ?? 0, nowMs);
    const fromMs = (opensAtMs ?? 0) - config.ADMISSION_LEAD * 1000;
    const expiresAtSeconds = Math.floor((closesAtMs ?? startMs + VALID_MS) / 1000);
    return { needed: true, stock, fromMs, nowMs, expiresAtSeconds };
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();

    api.get('/stocks/:sid/admission', { schema: getSchema, onRequest: identify.buyerOnly }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { sid } = request.params;
      const { stock, ...admission } = await readAdmission(sid, request.identity);
      const opensAtMs = openingOf(stock);
      const answer = { sid: String(sid), needed: admission.needed, from: null, challenge: null };
      if (!admission.needed) return answer;
      const { fromMs, nowMs, expiresAtSeconds } = admission;
      if (nowMs < fromMs) return { ...answer, from: new Date(fromMs).toISOString() };
      const { buyer } = request.identity;
      const challenge = await challenges.create({ sid, opensAtMs, buyer }, expiresAtSeconds).catch(toBusy);
      return { ...answer, challenge: challenge as SentChallenge };
    });

    api.post(
      '/stocks/:sid/admission',
      { schema: postSchema, onRequest: identify.buyerOnly },
      async (request, reply) => {
        reply.header('cache-control', 'no-store');
        const { sid } = request.params;
        const { buyer } = request.identity;
        const { stock, ...admission } = await readAdmission(sid, request.identity);
        if (!admission.needed) throw new Problem('conflict', 'This stock needs no admission token of this buyer.');
        const admitted = { sid, opensAtMs: openingOf(stock), buyer };
        const { challenge, solution } = request.body;
        if (!(await challenges.isSolved(admitted, challenge, solution))) throw new Problem('wrong_solution');
        const token = signAdmission(keys, admitted, admission.expiresAtSeconds);
        return { token, expiresAt: new Date(admission.expiresAtSeconds * 1000).toISOString() };
      },
    );
  };
}

function toBusy(error: unknown): never {
  if (error instanceof QueueFullError) throw new Problem('busy');
  throw error;
}

const hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$` });

/** As `altcha-lib` creates and solves it. */
const challengeSchema = Type.Object(
  {
    parameters: Type.Object(
      {
        algorithm: Type.String({ maxLength: 20, examples: ['PBKDF2/SHA-256'] }),
        cost: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Iterations of one key' }),
        data: Type.Object(
          {
            sid: Type.Integer({ minimum: 1 }),
            opensAtMs: Type.Integer({ minimum: 0 }),
            buyer: Type.String({ maxLength: 255 }),
          },
          { additionalProperties: false },
        ),
        expiresAt: Type.Integer({ minimum: 1, description: 'Seconds since 1970' }),
        keyLength: Type.Integer({ minimum: 32, maximum: 32, description: 'Bytes' }),
        keyPrefix: hex(16),
        keySignature: hex(32),
        nonce: hex(16),
        salt: hex(16),
      },
      { additionalProperties: false },
    ),
    signature: hex(32),
  },
  { additionalProperties: false, description: 'To be sent back as it is, with the solution' },
);

/** What `createChallenge` returns, with our data. */
type SentChallenge = Static<typeof challengeSchema>;

const tags = ['orders'];

const getSchema = {
  operationId: 'getAdmission',
  summary: 'Read your challenge',
  description: [
    'With ADMISSION=proof an order of a rush stock needs an admission token.',
    'The challenge is solved before the opening: find the counter, from 0, whose derived key begins with `keyPrefix` (`solveChallenge` of `altcha-lib`).',
    'It is bound to you, the stock and its opening, and equally hard for everyone.',
  ].join(' '),
  tags,
  security: bearerSecurity,
  params: sidParams,
  response: {
    200: Type.Object(
      {
        sid: sidText,
        needed: Type.Boolean({ description: 'Whether your order needs an admission token' }),
        from: nullable(time('When the challenge can be read; null: now, or none is needed')),
        challenge: Type.Union([challengeSchema, Type.Null()]),
      },
      { description: 'What your order needs' },
    ),
    ...problemResponses('claim_required', 'stock_not_found', 'closed'),
  },
};

const postSchema = {
  operationId: 'createAdmission',
  summary: 'Get your admission token',
  description: 'For the solution of your challenge. The same solution gives you the same admission again.',
  tags,
  security: bearerSecurity,
  params: sidParams,
  body: Type.Object(
    {
      challenge: challengeSchema,
      solution: Type.Object(
        { counter: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }), derivedKey: hex(32) },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object(
      {
        token: Type.String({ description: 'To be sent with the order as `Admission-Token`' }),
        expiresAt: time('When it expires'),
      },
      { description: 'Your admission token' },
    ),
    ...problemResponses('claim_required', 'stock_not_found', 'closed', 'conflict', 'wrong_solution'),
  },
};
