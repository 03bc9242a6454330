import t from 'tap';
import { testPaidSale } from './test-paid-sale.ts';

t.test('a sale is paid through GATEWAY=http', (t) => testPaidSale(t, 'http'));
