import { books } from './books.mjs';
import { signToken } from './signatures.mjs';

// 300 customers who each want a lamp, three at a time: node --env-file=.env customers.mjs

const { JWT_SECRET, SALE_URL, SHOP_URL } = process.env;
const library = await (await fetch(`${SALE_URL}/client.js`)).text();
const { createFlashSaleClient } = await import(`data:text/javascript,${encodeURIComponent(library)}`);
const outcomes = {};

async function buyAndPay(name) {
  const token = () => signToken(JWT_SECRET, { sub: name });
  const client = createFlashSaleClient({ url: SALE_URL, token });
  const { outcome, code = outcome, order } = await client.buy(books.sid);
  if (outcome === 'confirmed') {
    const { redirectUrl } = await client.pay(order.orderNo, SHOP_URL);
    await fetch(redirectUrl, { method: 'POST', redirect: 'manual' });
  }
  outcomes[code] = (outcomes[code] ?? 0) + 1;
}

let started = 0;
const work = async () => {
  while (started < 300) await buyAndPay(`customer-${++started}`);
};
await Promise.all([work(), work(), work()]);
console.log(outcomes);
