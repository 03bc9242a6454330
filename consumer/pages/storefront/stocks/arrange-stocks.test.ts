import t from 'tap';
import type { Stock, StockState } from '../../stock.ts';
import { drawPicture } from '../parts/draw-picture.ts';
import { texts } from '../parts/texts.ts';
import { arrangeStocks, chooseFollowed } from './arrange-stocks.ts';

const stock = (sid: number, state: StockState, opensAt: string | null = null): Stock => ({
  sid,
  state,
  opensAt,
  closesAt: null,
  paused: state === 'paused',
  name: 'A lamp',
  priceCents: 1,
  currency: 'CNY',
  count: 1,
  sold: 0,
  left: 1,
});

t.test('what can be bought comes first, then what opens next, newest first', async (t) => {
  const stocks = [
    stock(1, 'closed'),
    stock(2, 'open'),
    stock(3, 'upcoming', '2030-01-02T00:00:00Z'),
    stock(4, 'upcoming', '2030-01-01T00:00:00Z'),
    stock(5, 'open'),
    stock(6, 'sold_out'),
  ];
  t.same(arrangeStocks([], stocks), [5, 2, 4, 3, 6, 1]);
});

t.test('what is shown keeps its sequence; what is new is placed by rank, what is gone goes', async (t) => {
  t.same(arrangeStocks([6, 5], [stock(5, 'sold_out'), stock(6, 'open'), stock(7, 'open')]), [7, 6, 5]);
  t.same(arrangeStocks([5, 6], [stock(5, 'sold_out'), stock(6, 'open')]), [5, 6]);
  t.same(arrangeStocks([6, 5], [stock(5, 'closed'), stock(6, 'open'), stock(7, 'paused')]), [6, 7, 5]);
  t.same(arrangeStocks([6, 5, 4], [stock(5, 'open')]), [5]);
});

t.test('streams go to what the buyer watches, then to what sells, and to nothing that is over', async (t) => {
  const stocks = [stock(1, 'closed'), stock(2, 'open'), stock(3, 'sold_out'), stock(4, 'open'), stock(5, 'upcoming')];
  t.same(chooseFollowed(stocks, new Map(), 2), [2, 4]);
  t.same(chooseFollowed(stocks, new Map([[3, 'watching']] as const), 2), [3, 2]);
  t.same(chooseFollowed(stocks, new Map([[2, 'has']] as const), 2), [4, 5]);
  t.same(chooseFollowed(stocks, new Map(), 9), [2, 4, 5, 3]);
});

t.test('a picture is the same for the same stock, and tells one thing from another', async (t) => {
  t.same(drawPicture(1, 'A lamp'), drawPicture(1, 'A lamp'));
  t.equal(drawPicture(1, 'A lamp').motif, 'lamp');
  t.equal(drawPicture(1, 'Studio headphones').motif, 'headphones');
  t.equal(drawPicture(1, '机械手表').motif, 'watch');
  const drawn = new Set(Array.from({ length: 200 }, (_, sid) => JSON.stringify(drawPicture(sid, 'Nothing known'))));
  t.ok(drawn.size > 100, `${drawn.size} different ones`);
});

t.test('both languages have the same values to fill in', async (t) => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [name, text] of Object.entries(texts)) t.same(names(text.en), names(text['zh-CN']), name);
});
