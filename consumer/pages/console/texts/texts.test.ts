import t from 'tap';
import { actionTexts } from './action-texts.ts';
import { arenaTexts } from './arena-texts.ts';
import { drawTexts } from './draw-texts.ts';
import { liveTexts } from './live-texts.ts';
import { saleTexts } from './sale-texts.ts';
import { stockTexts } from './stock-texts.ts';

t.test('both languages have the same placeholders', async (t) => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [name, text] of Object.entries({
    ...liveTexts,
    ...stockTexts,
    ...arenaTexts,
    ...actionTexts,
    ...drawTexts,
    ...saleTexts,
  }))
    t.same(names(text.en), names(text['zh-CN']), name);
});
