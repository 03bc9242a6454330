import t from 'tap';
import { drawPicture } from './draw-picture.ts';

t.test('the same stock has the same picture, and different stocks have different ones', async (t) => {
  t.same(drawPicture('1', 'A lamp'), drawPicture('1', 'A lamp'));
  t.equal(drawPicture('1', 'A lamp').motif, 'lamp');
  t.equal(drawPicture('1', 'Studio headphones').motif, 'headphones');
  t.equal(drawPicture('1', '机械手表').motif, 'watch');
  const drawn = new Set(
    Array.from({ length: 200 }, (_, sid) => JSON.stringify(drawPicture(String(sid), 'Nothing known'))),
  );
  t.ok(drawn.size > 100, `${drawn.size} different pictures`);
});
