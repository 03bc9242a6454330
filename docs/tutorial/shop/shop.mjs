import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { books, saveBooks } from './books.mjs';
import { answerPaymentCall, pay } from './payments.mjs';
import { isSigned, signToken } from './signatures.mjs';

// A small shop: node --env-file=.env shop.mjs

const { JWT_SECRET, SALE_URL, SHOP_URL } = process.env;
const page = readFileSync(new URL('page.html', import.meta.url));
const escapeHtml = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { method, headers } = request;
  const { pathname: path } = new URL(request.url, SHOP_URL);
  const send = (status, answer, more = {}) => {
    const isText = typeof answer === 'string' || Buffer.isBuffer(answer);
    response.writeHead(status, { 'content-type': isText ? 'text/html; charset=utf-8' : 'application/json', ...more });
    response.end(isText ? answer : JSON.stringify(answer ?? {}));
  };
  const go = (location, more = {}) => send(303, '', { location, ...more });

  if (path === '/webhooks') return send(receiveEvent(headers, body));
  if (/^\/payments\//.test(path)) return send(...answerPaymentCall({ method, path, headers, body }));
  const [, customer] = /(?:^|; )customer=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
  switch (`${method} ${path}`) {
    case 'GET /':
      return send(200, page);
    case 'GET /shop.json':
      return send(200, { saleUrl: SALE_URL, sid: books.sid, customer });
    // A real shop checks a password here.
    case 'POST /login':
      return go('/', {
        'set-cookie': `customer=${new URLSearchParams(body).get('name')?.replace(/[^\w-]/g, '')}; HttpOnly`,
      });
    case 'GET /token':
      return customer ? send(200, { token: signToken(JWT_SECRET, { sub: customer }) }) : send(401);
    // What the shop sends out: it knows the paid orders by their events.
    case 'GET /parcels':
      return send(200, { parcels: Object.values(books.events).filter(({ type }) => type === 'order.paid') });
  }
  const [, paymentId] = /^\/pay\/([\w-]+)$/.exec(path) ?? [];
  const payment = books.payments[paymentId];
  if (!payment) return send(404, 'Not found');
  if (method === 'POST') return go(pay(paymentId));
  const amount = `${(payment.amountCents / 100).toFixed(2)} ${payment.currency}`;
  return send(200, `<h1>${escapeHtml(payment.name)}</h1><form method="post"><button>Pay ${amount}</button></form>`);
});

/** Takes an event of the flash-sale system. Events may come twice; each counts once, because it is kept under its id. */
function receiveEvent(headers, body) {
  if (!books.webhookSecret || !isSigned(books.webhookSecret, headers, body)) return 401;
  const { type, data } = JSON.parse(body);
  books.events[headers['webhook-id']] = { type, ...data };
  saveBooks();
  console.log(`${type}: ${data.orderNo}`);
  return 204;
}

const { port, hostname } = new URL(SHOP_URL);
server.listen(Number(port), hostname, () => console.log(`The shop is at ${SHOP_URL}`));
