import { signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { ModeFields } from '../draws/form/mode-fields.tsx';
import { ActionButton } from '../parts/buttons.tsx';
import { fieldErrors } from '../parts/field-errors.ts';
import { Field, focusFirstWrong, isUnreadable, TimeField } from '../parts/fields.tsx';
import { Fault, Panel } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { checkStock, type StockErrors, type StockFields, type TimeName } from './check-stock.ts';
import { DetailFields, NO_TYPED_DETAILS, readDetails, type TypedDetails } from './detail-fields.tsx';
import { chooseStock } from './stock-events.ts';
import { createStock } from './stocks.ts';

const EMPTY: StockFields = {
  name: '',
  count: '100',
  price: '19.99',
  currency: 'CNY',
  mode: 'rush',
  entriesOpenAt: '',
  entriesCloseAt: '',
  opensAt: '',
  closesAt: '',
};
const fields = signal(EMPTY);
const details = signal(NO_TYPED_DETAILS);
const wrong = signal<StockErrors>({});
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
const createdSid = signal<string | null>(null);

/** Creates a stock. All errors are shown at once, each beside its field. */
export function StockForm() {
  const { name, count, price, currency, mode, opensAt, closesAt } = fields.value;
  const errors = wrong.value;
  /** A change clears the error of the field. */
  const set = (field: keyof StockFields, of: keyof StockErrors) => (value: string) => {
    fields.value = { ...fields.value, [field]: value };
    const { [of]: _, ...others } = wrong.value;
    wrong.value = others;
  };
  return (
    <Panel title={translate('createTitle')} id="create-title">
      <form class="form stock-form" noValidate onSubmit={(event) => void create(event)}>
        <Field
          id="new-name"
          label={translate('name')}
          value={name}
          onInput={set('name', 'name')}
          error={errors.name}
          class="span-2"
        />
        <Field
          id="new-count"
          label={translate('units')}
          value={count}
          onInput={set('count', 'count')}
          error={errors.count}
          inputMode="numeric"
        />
        <Field
          id="new-price"
          label={translate('price')}
          value={price}
          onInput={set('price', 'price')}
          error={errors.price}
          inputMode="decimal"
        />
        <Field
          id="new-currency"
          label={translate('currency')}
          value={currency}
          onInput={set('currency', 'currency')}
          error={errors.currency}
        />
        <ModeFields typed={fields.value} errors={errors} onInput={(field, value) => set(field, field)(value)} />
        <TimeField
          id="new-opens"
          label={translate('opensAt')}
          hint={translate(mode === 'rush' ? 'opensHint' : 'drawOpensHint')}
          value={opensAt}
          onInput={set('opensAt', 'opensAt')}
          error={errors.opensAt}
          class="span-3"
        />
        <TimeField
          id="new-closes"
          label={translate('closesAt')}
          hint={translate('closesHint')}
          value={closesAt}
          onInput={set('closesAt', 'closesAt')}
          error={errors.closesAt}
          class="span-3"
        />
        <DetailFields id="new" typed={details.value} errors={errors} onInput={setDetail} />
        <div class="form-end">
          <ActionButton type="submit" class="primary" isBusy={isBusy.value}>
            {translate('create')}
          </ActionButton>
          <p role="status">{createdSid.value !== null && translate('created', { sid: createdSid.value })}</p>
        </div>
      </form>
      <Fault error={hasField(errors) ? null : fault.value} />
    </Panel>
  );
}

function setDetail(name: keyof TypedDetails, value: string): void {
  details.value = { ...details.value, [name]: value };
  const { [name]: _, ...others } = wrong.value;
  wrong.value = others;
}

/** Errors without a field in this form are shown below it. */
const hasField = (errors: StockErrors) =>
  Object.keys(EMPTY).some((field) => errors[field as keyof StockErrors] !== undefined) ||
  errors.maxPerOrder !== undefined;

const TIME_IDS: Record<TimeName, string> = {
  opensAt: 'new-opens',
  closesAt: 'new-closes',
  entriesOpenAt: 'new-entriesOpenAt',
  entriesCloseAt: 'new-entriesCloseAt',
};

async function create(event: Event): Promise<void> {
  event.preventDefault();
  if (isBusy.value) return;
  const form = event.currentTarget as HTMLFormElement;
  createdSid.value = null;
  fault.value = null;
  const { values, errors } = checkStock(fields.value, (field) => isUnreadable(form, TIME_IDS[field]));
  const { change, faults } = readDetails(details.value, NO_TYPED_DETAILS, values.price?.currency ?? '');
  wrong.value = { ...errors, ...faults };
  if (Object.keys(wrong.value).length > 0) return focusFirstWrong(form);
  isBusy.value = true;
  try {
    const stock = await createStock({ ...values, ...change });
    createdSid.value = stock.sid;
    chooseStock(stock.sid);
    details.value = NO_TYPED_DETAILS;
    fields.value = { ...EMPTY, currency: fields.value.currency };
  } catch (error) {
    fault.value = error as ApiError;
    wrong.value = fieldErrors(fault.value.problem);
    focusFirstWrong(form);
  }
  isBusy.value = false;
}
