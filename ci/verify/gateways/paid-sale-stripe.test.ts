import t from 'tap';
import { testPaidSale } from '../../testing/paid-sale/test-paid-sale.ts';

const seed = Number(process.env.PAID_SALE_SEED ?? 1);

t.test('a sale is paid through GATEWAY=stripe', (t) => testPaidSale(t, 'stripe', seed));
