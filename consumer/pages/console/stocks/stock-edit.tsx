import { useSignal } from '@preact/signals';
import type { Stock } from '../../stock.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { Field, focusFirstWrong, isUnreadable, TimeField } from '../parts/fields.tsx';
import { collectFields, needed, readCents, readName, readTime } from '../parts/read-fields.ts';
import { toLocalText } from '../parts/read-local-time.ts';
import { writePrice } from '../parts/write-price.ts';
import { translate } from '../texts/translate.ts';
import { applied, applyChange, fieldFaults, forget, isApplying } from './apply-change.ts';
import { checkWindow } from './check-stock.ts';
import { DetailFields, readDetails, typedDetailsOf } from './detail-fields.tsx';
import type { AdminStock, Change } from './stocks.ts';

type Typed = Record<'name' | 'price' | 'opensAt' | 'closesAt', string>;

const typedOf = ({ name, price, opensAt, closesAt }: Stock): Typed => ({
  name,
  price: writePrice(price.amount, price.currency),
  opensAt: toLocalText(opensAt),
  closesAt: toLocalText(closesAt),
});

/** Edits name, price and times of the chosen stock. Unchanged fields are not sent. */
export function StockEdit({ stock }: { stock: AdminStock }) {
  const {
    sid,
    price: { currency },
  } = stock;
  const before = useSignal(typedOf(stock));
  const typed = useSignal(before.value);
  const detailsBefore = useSignal(typedDetailsOf(stock));
  const details = useSignal(detailsBefore.value);
  const { name, price, opensAt, closesAt } = typed.value;
  const errors = fieldFaults.value;
  const set = (field: keyof Typed) => (value: string) => {
    typed.value = { ...typed.value, [field]: value };
  };
  /** The form starts with the stock's values at the time it is opened. */
  const open = (isOpen: boolean) => {
    if (!isOpen) return;
    before.value = typedOf(stock);
    typed.value = before.value;
    detailsBefore.value = typedDetailsOf(stock);
    details.value = detailsBefore.value;
  };
  const save = async (form: HTMLFormElement) => {
    if (isApplying.value) return;
    forget();
    const described = readDetails(details.value, detailsBefore.value, currency);
    const read = readChange(form, typed.value, before.value, currency);
    const change = { ...read.change, ...described.change };
    const faults = { ...read.faults, ...described.faults };
    if (Object.keys(faults).length > 0) fieldFaults.value = faults;
    else if (Object.keys(change).length === 0) applied.value = translate('didNothing');
    else if (await applyChange(sid, change, translate('didEdit'))) {
      before.value = typed.value;
      detailsBefore.value = details.value;
    }
    focusFirstWrong(form);
  };
  return (
    <details class="edit" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{translate('edit')}</summary>
      <form
        class="form edit-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(event.currentTarget);
        }}
      >
        <Field id="edit-name" label={translate('name')} value={name} onInput={set('name')} error={errors.name} />
        <Field
          id="edit-price"
          label={translate('priceIn', { currency })}
          hint={translate('priceHint')}
          value={price}
          onInput={set('price')}
          error={errors.price}
          inputMode="decimal"
        />
        <TimeField
          id="edit-opens"
          label={translate('opensAt')}
          hint={translate('opensHint')}
          value={opensAt}
          onInput={set('opensAt')}
          error={errors.opensAt}
        />
        <TimeField
          id="edit-closes"
          label={translate('closesAt')}
          hint={translate('closesHint')}
          value={closesAt}
          onInput={set('closesAt')}
          error={errors.closesAt}
        />
        <DetailFields
          id="edit"
          typed={details.value}
          errors={errors}
          onInput={(name, value) => {
            details.value = { ...details.value, [name]: value };
          }}
        />
        <div class="form-end">
          <ActionButton type="submit" isBusy={isApplying.value}>
            {translate('save')}
          </ActionButton>
        </div>
      </form>
    </details>
  );
}

/** The changed fields, and all errors. */
function readChange(form: HTMLFormElement, typed: Typed, before: Typed, currency: string) {
  const { name, price, opensAt, closesAt } = typed;
  const { values, errors } = collectFields({
    name: needed(readName(name)),
    price: needed(readCents(price, currency)),
    opensAt: readTime(opensAt, isUnreadable(form, 'edit-opens')),
    closesAt: readTime(closesAt, isUnreadable(form, 'edit-closes')),
  });
  const change: Change = {
    ...(name !== before.name && { name: values.name }),
    ...(price !== before.price && values.price !== undefined && { price: { amount: values.price, currency } }),
    ...(opensAt !== before.opensAt && { opensAt: values.opensAt ?? null }),
    ...(closesAt !== before.closesAt && { closesAt: values.closesAt ?? null }),
  };
  return { change, faults: { ...checkWindow(values), ...errors } };
}
