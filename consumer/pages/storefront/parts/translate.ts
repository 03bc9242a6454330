import { createTranslator } from '../../language.ts';
import { texts } from './texts.ts';

/** A text of the storefront in the chosen language. */
export const translate = createTranslator(texts);
