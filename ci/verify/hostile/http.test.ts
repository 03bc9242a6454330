import t from 'tap';
import { callApi } from '../../testing/clients/call-api.ts';
import { createToken } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { startTarget } from '../../testing/servers/target.ts';
import { headerCases, pathCases, stockIdCases } from './address-cases.ts';
import { bodyCases } from './body-cases.ts';
import { type HttpScene, speakHttp } from './speak-http.ts';

// Through nginx to a real consumer and provider, as bytes: what no client of ours would send.

const target = await startTarget(t);
const { mysql } = target.servers;
const token = (buyer: string, roles: string[] = []) => `Bearer ${createToken(buyer, { roles })}`;
const sid = await createTestStock(mysql, { count: 5, priceCents: 100 });
const bought = await callApi(target.url, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: 'ann' });

const scene: HttpScene = {
  ann: ['Authorization', token('ann')],
  bob: ['Authorization', token('bob')],
  boss: ['Authorization', token('boss', ['admin'])],
  sid,
  closedSid: await createTestStock(mysql, { count: 5, closesAtMs: Date.now() - 60_000 }),
  annsOrder: String(bought.body.orderNo),
};
await target.settle();

const tables = { bodies: bodyCases, 'stock ids': stockIdCases, paths: pathCases, headers: headerCases };
for (const [what, casesOf] of Object.entries(tables)) {
  t.test(`${what} that are not as they should be`, { jobs: 8 }, async (t) => {
    for (const [name, said, status, code] of casesOf(scene)) {
      t.test(name, { buffered: true }, async (t) => {
        const heard = await speakHttp(target.nginxPort, Array.isArray(said) ? { parts: said } : said);
        t.equal(heard.status, status, heard.text.slice(0, 300));
        if (code !== undefined) t.equal(heard.code, code, heard.text.slice(0, 300));
        t.notMatch(heard.text, /\.ts:|node_modules|ER_[A-Z]|SELECT /, 'nothing of our inside');
      });
    }
  });
  t.test(`after the ${what} all is as it was`, (t) => target.isUnharmed(t));
}
