import t from 'tap';
import { texts } from './texts.ts';

t.test('both languages have the same placeholders', async (t) => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [name, text] of Object.entries(texts)) t.same(names(text.en), names(text['zh-CN']), name);
});
