import t from 'tap';
import { currencyDigits } from './currency-digits.ts';

t.test('the digits are those of ISO 4217, also where Intl has others', async (t) => {
  for (const currency of ['EUR', 'CNY', 'HUF', 'IDR', 'PKR', 'COP', 'MGA'])
    t.equal(currencyDigits(currency), 2, currency);
  for (const currency of ['JPY', 'KRW', 'ISK', 'UGX']) t.equal(currencyDigits(currency), 0, currency);
  for (const currency of ['KWD', 'IQD', 'TND']) t.equal(currencyDigits(currency), 3, currency);
});
