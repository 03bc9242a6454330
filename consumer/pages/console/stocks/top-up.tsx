import { useSignal } from '@preact/signals';
import { ActionButton } from '../parts/buttons.tsx';
import { Field, focusFirstWrong } from '../parts/fields.tsx';
import { needed, readWhole } from '../parts/read-fields.ts';
import { translate } from '../texts/translate.ts';
import { applyChange, fieldFaults, forget, isApplying } from './apply-change.ts';
import { MAX_UNITS } from './check-stock.ts';

/** Adds units to the chosen stock, or removes unsold ones. */
export function TopUp({ sid }: { sid: string }) {
  const units = useSignal('');
  const add = async (form: HTMLFormElement) => {
    if (isApplying.value) return;
    forget();
    const { value: addUnits, error } = needed(readWhole(units.value, -MAX_UNITS, MAX_UNITS));
    if (addUnits === undefined || error) {
      if (error) fieldFaults.value = { addUnits: error };
    } else if (await applyChange(sid, { addUnits }, translate('didTopUp', { n: addUnits }))) {
      units.value = '';
    }
    focusFirstWrong(form);
  };
  return (
    <form
      class="form top-up"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void add(event.currentTarget);
      }}
    >
      <Field
        id="top-up"
        label={translate('topUp')}
        hint={translate('topUpHint')}
        value={units.value}
        onInput={(value) => {
          units.value = value;
        }}
        error={fieldFaults.value.addUnits}
        inputMode="text"
      />
      <ActionButton type="submit" isBusy={isApplying.value}>
        {translate('add')}
      </ActionButton>
    </form>
  );
}
