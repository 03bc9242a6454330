import { chineseTexts } from './chinese-texts.ts';
import { englishTexts } from './english-texts.ts';
import { germanTexts } from './german-texts.ts';

export const drawCheckTexts = { en: englishTexts, de: germanTexts, 'zh-CN': chineseTexts };
