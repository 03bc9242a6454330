import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget } from '../../testing/servers/target.ts';
import { headerCases, pathCases, stockIdCases } from './address-cases.ts';
import { bodyCases } from './body-cases.ts';
import { type HttpTargets, sendRawHttp } from './send-raw-http.ts';

// Bytes that no correct client sends, through nginx to a real consumer and provider.

const target = await startTarget(t);
const { mysql } = target.servers;
const token = (buyer: string, roles: string[] = []) => `Bearer ${createToken(buyer, { roles })}`;
const sid = await createTestStock(mysql, { count: 5, priceCents: 100 });
const bought = await callApi(target.url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: 'ann' });

const targets: HttpTargets = {
  ann: ['Authorization', token('ann')],
  bob: ['Authorization', token('bob')],
  admin: ['Authorization', token('admin', ['admin'])],
  sid,
  closedSid: await createTestStock(mysql, { count: 5, closesAtMs: Date.now() - 60_000 }),
  annsOrder: String(bought.body.orderNo),
};
await target.settle();

const tables = { bodies: bodyCases, 'stock ids': stockIdCases, paths: pathCases, headers: headerCases };
for (const [what, casesOf] of Object.entries(tables)) {
  t.test(`hostile ${what}`, { jobs: 8 }, async (t) => {
    for (const [name, request, status, code] of casesOf(targets)) {
      t.test(name, { buffered: true }, async (t) => {
        const answer = await sendRawHttp(target.nginxPort, Array.isArray(request) ? { parts: request } : request);
        t.equal(answer.status, status, answer.text.slice(0, 300));
        if (code !== undefined) t.equal(answer.code, code, answer.text.slice(0, 300));
        t.notMatch(answer.text, /\.ts:|node_modules|ER_[A-Z]|SELECT /, 'no internals in the answer');
      });
    }
  });
  t.test(`the ${what} changed nothing`, (t) => target.isUnharmed(t));
}
