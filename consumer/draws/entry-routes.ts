import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { Entry } from '../../proto/gen/flashsale/v1/Entry.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { claimRequired } from '../admission/admission-check.ts';
import type { DeviceLimit } from '../admission/device-limit.ts';
import type { RiskCheck } from '../admission/risk-check.ts';
import { bearerSecurity, problemResponses, sidParams } from '../api/api-schemas.ts';
import type { Identify } from '../auth/identify.ts';
import { coolingDown, Problem, retryAfter, tooManyRequests } from '../http/problem.ts';
import type { OrderLimits } from '../limits/order-limits.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import type { DrawCalls } from './draw-calls.ts';
import { type EntryView, entryView } from './entry-view.ts';

export type EntryRoutesOptions = {
  identify: Identify;
  limits: Pick<OrderLimits, 'take'>;
  stocks: Pick<StockReader, 'read'>;
  providers: Pick<Providers, 'leaveDraw'>;
  drawCalls: Pick<DrawCalls, 'enterDraw' | 'readEntry'>;
  /** Null: devices are not limited. */
  limitDevice: DeviceLimit | null;
  /** Null: the shop has no risk service. */
  checkRisk: RiskCheck | null;
};

/** /stocks/{sid}/entry: enter a draw or join a line, read one's entry, and leave. */
export function entryRoutes(options: EntryRoutesOptions) {
  const { identify, limits, stocks, providers, drawCalls, limitDevice, checkRisk } = options;

  async function readStock(sid: number): Promise<Fresh<Stock>> {
    const { value, ...age } = await stocks.read(sid);
    if (value?.kind !== 'sale') throw new Problem('stock_not_found', `No such stock: ${sid}.`);
    return { value, ...age };
  }

  /** As an order: the buyer's rate, and a buyer who is kept out of the stock may not enter either. */
  async function takeTurn(sid: number, buyer: string, reply: FastifyReply): Promise<void> {
    const { waitMs, headers, coolingMs } = await limits.take(sid, buyer);
    if (waitMs > 0) throw tooManyRequests(waitMs, headers);
    reply.headers(headers);
    if (coolingMs > 0) throw coolingDown(coolingMs);
  }

  /** Whether a repeat is answered with the entry. One that has left is not: its buyer enters anew. */
  async function hasEntry(sid: number, buyer: string): Promise<boolean> {
    const entry = await drawCalls.readEntry({ sid, buyer });
    return entry !== null && entry.state !== 'LEFT';
  }

  return async (app: FastifyInstance): Promise<void> => {
    const api = app.withTypeProvider<TypeBoxTypeProvider>();
    const onRequest = identify.buyerOnly;

    api.post('/stocks/:sid/entry', { schema: enterSchema, onRequest }, async (request, reply) => {
      const { sid } = request.params;
      const { buyer, missingClaim } = request.identity;
      reply.header('cache-control', 'no-store');
      refuseEarly(await readStock(sid));
      if (missingClaim !== null) throw claimRequired(missingClaim);
      await takeTurn(sid, buyer, reply);
      const refused =
        limitDevice?.(request.identity, sid) ?? (checkRisk && (await checkRisk(request.identity, sid, 'entry')));
      if (refused && !(await hasEntry(sid, buyer))) throw refused;
      const { outcome, entry, knownAtMs } = await drawCalls.enterDraw({ sid, buyer });
      switch (outcome) {
        case 'ENTERED':
        case 'KNOWN_ENTRY':
          if (!entry) throw new Problem('internal');
          reply.code(outcome === 'ENTERED' ? 201 : 200).header('location', `/api/v1/stocks/${sid}/entry`);
          return answerEntry(reply, entry);
        case 'ENTRIES_NOT_OPEN':
          throw new Problem('entries_not_open');
        case 'ENTRIES_CLOSED':
          throw new Problem('entries_closed');
        case 'DRAW_PENDING':
          throw new Problem('draw_pending', undefined, {}, retryAfter(secondsToPoll(knownAtMs)));
        case 'NO_DRAW':
          throw new Problem('no_draw');
        case 'ENTER_OUTCOME_UNSPECIFIED':
          throw new Problem('internal');
        default:
          return outcome satisfies never;
      }
    });

    api.get('/stocks/:sid/entry', { schema: getSchema, onRequest }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { sid } = request.params;
      const entry = await drawCalls.readEntry({ sid, buyer: request.identity.buyer });
      if (!entry) throw new Problem('entry_not_found');
      return answerEntry(reply, entry);
    });

    api.post('/stocks/:sid/entry/leave', { schema: leaveSchema, onRequest }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { sid } = request.params;
      const { outcome, entry } = await providers.leaveDraw({ sid, buyer: request.identity.buyer });
      if (!entry) throw new Problem('entry_not_found');
      if (outcome === 'ENTRY_OFFERED')
        throw new Problem('wrong_state', HAD_ITS_TURN, { state: entryView(entry).state });
      return entryView(entry);
    });
  };
}

const HAD_ITS_TURN = 'The entry had its turn: cancel its order instead.';

/** What is certain from a stock's read is refused without a call. A buyer with an entry may send it again after closing. */
function refuseEarly(fresh: Fresh<Stock>): void {
  const { mode, offersOnly, sale, count, entryTimes } = fresh.value;
  if (mode === 'rush' && !offersOnly && (count < 1 || sale < count)) throw new Problem('no_draw');
  if (entryTimes && databaseNowMs(fresh) < entryTimes.entriesOpenAtMs) {
    const entriesOpenAt = new Date(entryTimes.entriesOpenAtMs).toISOString();
    throw new Problem('entries_not_open', undefined, { entriesOpenAt });
  }
}

/** While it waits, with the time of the next poll: spread, so that those who entered together do not come again together. */
function answerEntry(reply: FastifyReply, entry: Entry): EntryView {
  const view = entryView(entry);
  if (view.state === 'waiting') reply.header('retry-after', String(secondsToPoll(entry.knownAtMs)));
  return view;
}

/** From 2 to 5 s while offers go out, and from 30 to 90 s long before the draw. */
function secondsToPoll(knownAtMs: number | undefined): number {
  const leftSeconds = knownAtMs === undefined ? 0 : (knownAtMs - Date.now()) / 1000;
  if (leftSeconds > 120) return 30 + Math.floor(Math.random() * 61);
  return leftSeconds > 20 ? 5 + Math.floor(Math.random() * 11) : 2 + Math.floor(Math.random() * 4);
}

const common = { tags: ['draws'], security: bearerSecurity, params: sidParams };
const waiting = { 'Retry-After': { type: 'integer', description: 'While waiting: seconds until the next poll' } };
const entryOf = (description: string, headers: object = waiting) =>
  Type.Unsafe<object>({ $ref: 'Entry#', description, headers });

const enterSchema = {
  ...common,
  operationId: 'enterDraw',
  summary: 'Enter a draw or join a line',
  description: [
    'A buyer has one entry for each stock: a repeat gets the same one. Entries of a draw are taken from `entriesOpenAt` until `entriesCloseAt`, and it',
    'does not matter when. Afterwards, and when a rush is sold out, joining a line gives the next place; `draw_pending` says when its draw is made.',
    'No body and no key are needed: send it again when no answer came. The ticket of the answer proves the entry.',
  ].join(' '),
  response: {
    200: entryOf('The entry that the buyer has since earlier'),
    201: entryOf('The new entry', { Location: { type: 'string', description: 'URL of the entry' }, ...waiting }),
    ...problemResponses(
      'claim_required',
      'risk_denied',
      'stock_not_found',
      'no_draw',
      'entries_not_open',
      'entries_closed',
      'draw_pending',
      'cooldown',
    ),
  },
};

const getSchema = {
  ...common,
  operationId: 'getEntry',
  summary: 'Get your entry',
  description:
    'Your place, how many wait before you, and the order of your offer. Poll it after `Retry-After`; the order itself has a stream.',
  response: { 200: entryOf('The entry'), ...problemResponses('entry_not_found') },
};

const leaveSchema = {
  ...common,
  operationId: 'leaveDraw',
  summary: 'Leave a draw or a line',
  description:
    'The entry gets no offer. Until entries close the buyer may enter again. After it had its turn: 409, cancel the order instead.',
  response: {
    200: entryOf('The entry, which has left', {}),
    ...problemResponses('entry_not_found', 'wrong_state'),
  },
};
