import { lazyPart } from '../../lazy-part.tsx';
import { translate } from '../parts/translate.ts';

export const LazyDrawCard = lazyPart(
  async () => (await import('../draws/draw-card.tsx')).DrawCard,
  () => <p class="facts draw-loading">{translate('loading')}</p>,
);
