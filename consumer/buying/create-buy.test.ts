import { ServerResponse } from 'node:http';
import t from 'tap';
import type { Stock } from '../../db/stocks/stock-table.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { traceIdOf } from '../../proto/traces/trace-id-of.ts';
import { answerProblem } from '../http/answer-problems.ts';
import { type AskedRequest, DirectReply } from '../http/direct-reply.ts';
import { Problem, type ProblemCode } from '../http/problem.ts';
import type { BuyRequest } from '../orders/buy-unit.ts';
import { nameOrder } from '../orders/name-order.ts';
import { createBuy } from './create-buy.ts';

const lastRead = { value: null, freshForMs: 0, heldMs: 9000 };

/** Buys while each read of the stock fails with this problem. Resolves with the read that the order path received. */
async function buyWhileReadsFail(
  code: ProblemCode,
  known: Fresh<Stock | null> | undefined,
): Promise<BuyRequest['read']> {
  const sent: BuyRequest[] = [];
  const buy = createBuy({
    config: { ORDER_NO_KEY: 'a'.repeat(32) },
    metrics: { answered: () => undefined },
    deliveries: { note: () => undefined },
    stocks: { read: () => Promise.reject(new Problem(code)), lastKnown: () => known },
    limits: { takeOfProcess: () => 0, take: async () => ({ waitMs: 0, headers: {} }) },
    orders: {
      async buy(request: BuyRequest) {
        sent.push(request);
        return { kind: 'pending' };
      },
      getOrder: async () => null,
      turnAway: () => null,
      arrive: () => () => undefined,
    },
  } as unknown as Parameters<typeof createBuy>[0]);
  const reply = new DirectReply({
    request: { url: '', id: '', log: console },
    response: new ServerResponse({ method: 'POST' } as never),
    headers: [],
    isClosing: () => false,
  });
  const caller = { buyer: 'ann', roles: [], untilMs: 0, missingClaim: null, isVouchedFor: false, device: null };
  await buy({ sid: 1, caller, headers: {} }, reply);
  return sent[0]?.read ?? null;
}

t.test('without a provider that reads the stock, the order is sent with the last read', async (t) => {
  t.equal(await buyWhileReadsFail('unavailable', lastRead), lastRead);
  t.equal(await buyWhileReadsFail('unavailable', undefined), null, 'or without any');
});

t.test('too many reads of unknown stocks refuse the order', async (t) => {
  await t.rejects(buyWhileReadsFail('busy', undefined), { code: 'busy' });
});

t.test('the log line of an order that failed has its number', async (t) => {
  const lines: Record<string, unknown>[] = [];
  const log = { warn: (fields: object) => lines.push({ ...fields }), error: () => t.fail('not internal') };
  const request = { url: '/x?token=a', id: 'r1', log } as AskedRequest;
  const response = new ServerResponse({ method: 'POST' } as never);
  const reply = new DirectReply({ request, response, headers: [], isClosing: () => false });
  nameOrder(reply, '7-A-B');
  answerProblem(new Problem('unavailable'), request, reply);
  t.match(lines, [{ orderNo: '7-A-B', url: '/x' }]);
  t.match(response.getHeader('traceresponse') ?? response['_header' as never], new RegExp(`00-${traceIdOf('7-A-B')}-`));
});
