import { books, saveBooks } from './books.mjs';
import { signToken } from './signatures.mjs';

// Puts 100 lamps on sale and asks for events: node --env-file=.env open-sale.mjs. Run it before the shop.

const { JWT_SECRET, SALE_URL, SHOP_URL } = process.env;

async function callAsAdmin(path, body) {
  const response = await fetch(`${SALE_URL}/api/v1/admin${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${signToken(JWT_SECRET, { sub: 'lamp-shop', roles: ['admin'] })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${answer.detail} ${JSON.stringify(answer.errors ?? '')}`);
  return answer;
}

const lamp = {
  name: 'A lamp',
  count: 100,
  price: { amount: 1999, currency: 'EUR' },
  reference: 'LAMP-1',
  maxPerOrder: 2,
};
books.sid = (await callAsAdmin('/stocks', lamp)).sid;
const events = ['order.confirmed', 'order.paid', 'order.expired', 'order.cancelled', 'order.refunded'];
books.webhookSecret = (await callAsAdmin('/webhooks', { url: `${SHOP_URL}/webhooks`, events })).secret;
saveBooks();
console.log(`100 lamps are on sale as stock ${books.sid}`);
