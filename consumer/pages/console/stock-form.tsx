import { signal } from '@preact/signals';
import type { ApiError } from '../call-api.ts';
import { fieldErrors } from './field-errors.ts';
import { Fault, Field, Panel } from './parts.tsx';
import { toCents, toCount, toIso } from './read-fields.ts';
import { chosenSid } from './stock-events.ts';
import { createStock } from './stocks.ts';
import { say } from './texts.ts';

const EMPTY = { name: '', count: '100', price: '19.99', currency: 'CNY', opensAt: '', closesAt: '' };
const fields = signal(EMPTY);
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
const made = signal<number | null>(null);

/** Puts something up for sale. What may stand in a field the API knows, and says it. */
export function StockForm() {
  const { name, count, price, currency, opensAt, closesAt } = fields.value;
  const wrong = fieldErrors(fault.value?.problem ?? {});
  const set = (field: keyof typeof EMPTY) => (value: string) => {
    fields.value = { ...fields.value, [field]: value };
  };
  return (
    <Panel title={say('createTitle')} id="create-title">
      <form class="form stock-form" noValidate onSubmit={(event) => void create(event)}>
        <Field id="new-name" label={say('name')} value={name} onInput={set('name')} error={wrong.name} class="span-2" />
        <Field
          id="new-count"
          label={say('units')}
          value={count}
          onInput={set('count')}
          error={wrong.count}
          inputMode="numeric"
        />
        <Field
          id="new-price"
          label={say('price')}
          value={price}
          onInput={set('price')}
          error={wrong.priceCents}
          inputMode="decimal"
        />
        <Field
          id="new-currency"
          label={say('currency')}
          value={currency}
          onInput={set('currency')}
          error={wrong.currency}
        />
        <Field
          id="new-opens"
          type="datetime-local"
          label={say('opensAt')}
          hint={say('opensHint')}
          value={opensAt}
          onInput={set('opensAt')}
          error={wrong.opensAt}
          class="span-3"
        />
        <Field
          id="new-closes"
          type="datetime-local"
          label={say('closesAt')}
          hint={say('closesHint')}
          value={closesAt}
          onInput={set('closesAt')}
          error={wrong.closesAt}
          class="span-3"
        />
        <div class="form-end">
          <button type="submit" class="primary" disabled={isBusy.value}>
            {say('create')}
          </button>
          <p role="status">{made.value !== null && say('created', { sid: made.value })}</p>
        </div>
      </form>
      <Fault error={Object.keys(wrong).length > 0 ? null : fault.value} />
    </Panel>
  );
}

async function create(event: Event): Promise<void> {
  event.preventDefault();
  if (isBusy.value) return;
  const { name, count, price, currency, opensAt, closesAt } = fields.value;
  isBusy.value = true;
  made.value = null;
  fault.value = null;
  try {
    const stock = await createStock({
      name: name.trim(),
      ...toCount('count', count),
      ...toCents('priceCents', price, currency),
      ...(currency.trim() && { currency: currency.trim().toUpperCase() }),
      ...toIso('opensAt', opensAt),
      ...toIso('closesAt', closesAt),
    });
    made.value = stock.sid;
    chosenSid.value = stock.sid;
    fields.value = { ...EMPTY, currency: fields.value.currency };
  } catch (error) {
    fault.value = error as ApiError;
  }
  isBusy.value = false;
}
