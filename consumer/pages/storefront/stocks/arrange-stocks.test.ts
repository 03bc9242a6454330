import t from 'tap';
import type { Stock, StockState } from '../../stock.ts';
import { arrangeStocks, chooseFollowed } from './arrange-stocks.ts';

const stock = (sid: number, state: StockState, opensAt: string | null = null): Stock => ({
  sid: String(sid),
  state,
  opensAt,
  closesAt: null,
  paused: state === 'paused',
  name: 'A lamp',
  price: { amount: 1, currency: 'CNY' },
  compareAtPrice: null,
  maxPerOrder: 1,
  reference: null,
  description: null,
  pictureUrl: null,
  mode: 'rush',
  entriesOpenAt: null,
  entriesCloseAt: null,
  line: null,
  count: 1,
  sold: 0,
  left: 1,
});

t.test('open stocks come first, then upcoming ones by opening time; equals newest first', async (t) => {
  const stocks = [
    stock(1, 'closed'),
    stock(2, 'open'),
    stock(3, 'upcoming', '2030-01-02T00:00:00Z'),
    stock(4, 'upcoming', '2030-01-01T00:00:00Z'),
    stock(5, 'open'),
    stock(6, 'sold_out'),
  ];
  t.same(arrangeStocks([], stocks), ['5', '2', '4', '3', '6', '1']);
});

t.test('displayed cards keep their order; new ones are placed by rank, removed ones disappear', async (t) => {
  t.same(arrangeStocks(['6', '5'], [stock(5, 'sold_out'), stock(6, 'open'), stock(7, 'open')]), ['7', '6', '5']);
  t.same(arrangeStocks(['5', '6'], [stock(5, 'sold_out'), stock(6, 'open')]), ['5', '6']);
  t.same(arrangeStocks(['6', '5'], [stock(5, 'closed'), stock(6, 'open'), stock(7, 'paused')]), ['6', '7', '5']);
  t.same(arrangeStocks(['6', '5', '4'], [stock(5, 'open')]), ['5']);
});

t.test('streams follow watched stocks first, then open ones, and never closed ones', async (t) => {
  const stocks = [stock(1, 'closed'), stock(2, 'open'), stock(3, 'sold_out'), stock(4, 'open'), stock(5, 'upcoming')];
  t.same(chooseFollowed(stocks, new Map(), 2), ['2', '4']);
  t.same(chooseFollowed(stocks, new Map([['3', 'watching']] as const), 2), ['3', '2']);
  t.same(chooseFollowed(stocks, new Map([['2', 'has']] as const), 2), ['4', '5']);
  t.same(chooseFollowed(stocks, new Map(), 9), ['2', '4', '5', '3']);
});
