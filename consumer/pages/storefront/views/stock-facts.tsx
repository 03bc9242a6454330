import { money } from '../../language.ts';
import type { Stock } from '../../stock.ts';
import { translate } from '../parts/translate.ts';

// What the shop says about a stock, on its card.

const SHORT = 160;

/** The former price, struck through, if it is higher than the price. */
export function ComparedPrice({ stock: { price, compareAtPrice } }: { stock: Stock }) {
  if (!compareAtPrice || compareAtPrice.amount <= price.amount) return null;
  return (
    <s class="compared">
      <span class="hidden-text">{translate('comparedAt')} </span>
      {money(compareAtPrice)}
    </s>
  );
}

/** A long description is folded. */
export function StockDescription({ stock: { name, description } }: { stock: Stock }) {
  if (!description) return null;
  if (description.length <= SHORT) return <p class="description">{description}</p>;
  return (
    <details class="description">
      <summary>
        {translate('about')}
        <span class="hidden-text">: {name}</span>
      </summary>
      <p>{description}</p>
    </details>
  );
}

type QuantityProps = { stock: Stock; quantity: number; onChange(quantity: number): void };

/** How many units one click buys. */
export function QuantityField({ stock: { sid, name, maxPerOrder, left }, quantity, onChange }: QuantityProps) {
  const id = `quantity-${sid}`;
  const max = Math.max(1, Math.min(maxPerOrder, left));
  const take = (input: HTMLInputElement) => {
    const units = Math.max(1, Math.min(max, Math.trunc(input.valueAsNumber) || 1));
    // Also where the number was the same before, and nothing is drawn.
    input.value = String(units);
    onChange(units);
  };
  return (
    <p class="quantity">
      <label for={id}>
        {translate('quantity')}
        <span class="hidden-text">: {name}</span>
      </label>
      <input
        id={id}
        type="number"
        class="number"
        inputMode="numeric"
        min={1}
        max={max}
        value={quantity}
        onChange={(event) => take(event.currentTarget)}
      />
    </p>
  );
}
