import t from 'tap';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { readCsv } from './read-csv.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;

const lamp = { name: 'A lamp', count: 5, price: { amount: 1999, currency: 'EUR' } };
const send = (body: unknown, headers: Record<string, string> = {}, as = 'admin') =>
  callApi(api, '/admin/stocks/bulk', { as, body, headers });
const sendCsv = (text: string) => send(text, { 'content-type': 'text/csv' });
const errorsOf = ({ body }: { body: Record<string, unknown> }) => body.errors as object[];

async function countStocks(): Promise<number> {
  const [[row]] = await mysql.raw("SELECT COUNT(*) AS stocks FROM stock WHERE kind = 'sale'");
  return row.stocks;
}

t.test('200 stocks are created in the order of the rows, each recorded', async (t) => {
  const before = await countStocks();
  const made = await send(Array.from({ length: 200 }, (_, i) => ({ ...lamp, name: `Lamp ${i}` })));
  t.equal(made.status, 201, made.text.slice(0, 500));
  const stocks = made.body.stocks as { sid: string; name: string; price: object }[];
  t.same(
    stocks.map(({ name }) => name),
    Array.from({ length: 200 }, (_, i) => `Lamp ${i}`),
  );
  t.match(stocks[199], { price: lamp.price, count: 5, version: 0, hidden: false });
  t.equal(await countStocks(), before + 200);
  const [[row]] = await mysql.raw("SELECT COUNT(*) AS actions FROM admin_action WHERE action = 'createStock'");
  t.equal(row.actions, 200);
});

t.test('CSV is read as spreadsheets write it', async (t) => {
  const text =
    '\uFEFFname,count,price,currency,opensAt,reference,maxPerOrder,description\r\n' +
    '"A ""big"" lamp, red",7,250,EUR,2030-01-02T10:00:00Z,LAMP-1,1,"two\r\nlines"\r\n' +
    '\r\nSmall,0,0,JPY,,,,\r\n';
  const made = await sendCsv(text);
  t.equal(made.status, 201, made.text);
  t.match(made.body.stocks, [
    {
      name: 'A "big" lamp, red',
      count: 7,
      price: { amount: 250, currency: 'EUR' },
      opensAt: '2030-01-02T10:00:00.000Z',
      reference: 'LAMP-1',
      description: 'two\r\nlines',
    },
    { name: 'Small', count: 0, price: { amount: 0, currency: 'JPY' }, opensAt: null },
  ]);
});

t.test('one wrong row creates nothing, and the errors of all rows name their lines', async (t) => {
  const before = await countStocks();
  const wrong = await send([lamp, { ...lamp, count: -1 }, lamp, { ...lamp, price: undefined }, 7]);
  t.match(wrong, { status: 400, body: { code: 'invalid_request', detail: /No stock was created.*line 2 count/ } });
  t.match(errorsOf(wrong), [{ line: 2, field: 'count' }, { line: 4, field: 'price' }, { line: 5 }]);
  const csv = await sendCsv('name,count,price,currency\n"a\nb",1,1,EUR\nc,x,1,EUR\nd,1,1,EURO\n');
  t.match(errorsOf(csv), [
    { line: 4, field: 'count' },
    { line: 5, field: 'price.currency' },
  ]);
  const times = { opensAt: '2030-01-02T10:00:00Z', closesAt: '2030-01-02T10:00:00Z' };
  t.match(errorsOf(await send([lamp, { ...lamp, ...times }])), [{ line: 2, field: 'closes_at_ms' }]);
  t.match(
    errorsOf(
      await send([
        { ...lamp, sid: '4711' },
        { ...lamp, sid: '4711' },
      ]),
    ),
    [{ line: 2, field: 'sid' }],
  );
  t.equal(await countStocks(), before);
});

t.test('what is no list of stocks is refused', async (t) => {
  const before = await countStocks();
  for (const body of [[], {}, null, 'x', 7, Array.from({ length: 201 }, () => ({}))]) {
    t.equal((await send(JSON.stringify(body))).status, 400, JSON.stringify(body).slice(0, 20));
  }
  const header = 'name,count,price,currency\n';
  for (const text of ['', '\n', header, `${header}"a,1,1,EUR`, `${header}"a"b,1,1,EUR`, `${header}a,1,1\n`]) {
    t.equal((await sendCsv(text)).status, 400, JSON.stringify(text));
  }
  for (const columns of ['name,name,count,price,currency', 'name,count,price,currency,other', '__proto__']) {
    t.match((await sendCsv(`${columns}\na\n`)).body, { detail: /unknown or repeated column/ }, columns);
  }
  const bytes = await fetch(`${api}/admin/stocks/bulk`, { method: 'POST' });
  t.equal(bytes.status, 401);
  t.equal((await send([lamp], {}, 'ann')).status, 403);
  t.equal((await send('a', { 'content-type': 'text/plain' })).status, 415);
  t.equal((await sendCsv(`name\n${'a\n'.repeat(40_000)}`)).status, 413);
  t.equal(await countStocks(), before);
});

t.test('a repeat with the same key creates nothing', async (t) => {
  const before = await countStocks();
  const [first, second] = [
    await send([lamp, lamp], { 'idempotency-key': 'bulk-1' }),
    await send([lamp, lamp], { 'idempotency-key': 'bulk-1' }),
  ];
  t.equal(first.status, 201, first.text);
  t.equal(second.text, first.text);
  t.equal((await send([lamp], { 'idempotency-key': 'bulk-1' })).status, 422);
  t.equal(await countStocks(), before + 2);
});

t.test('CSV: quotes, lines and what is malformed', async (t) => {
  t.same(readCsv('a,"b ""c""",\r\n\r\nd\re'), [
    { line: 1, cells: ['a', 'b "c"', ''] },
    { line: 3, cells: ['d'] },
    { line: 4, cells: ['e'] },
  ]);
  t.same(readCsv('"x\ny"\nz'), [
    { line: 1, cells: ['x\ny'] },
    { line: 3, cells: ['z'] },
  ]);
  t.same(readCsv(''), []);
  for (const wrong of ['"', '"a', '"a" b', 'a"b', 'a,"']) t.equal(readCsv(wrong), null, wrong);
});
