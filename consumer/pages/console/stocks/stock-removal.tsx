import { useSignal } from '@preact/signals';
import { ActionButton } from '../parts/buttons.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { translate } from '../texts/translate.ts';
import { applyChange, applyRemoval, isApplying } from './apply-change.ts';
import type { AdminStock } from './stocks.ts';

/**
 * Hides the chosen stock or shows it again; removes a stock that has sold nothing. If it has refused orders, which the list does not show, the
 * API refuses the removal.
 */
export function StockRemoval({ stock: { sid, name, hidden }, sold }: { stock: AdminStock; sold: number }) {
  const asksToRemove = useSignal(false);
  const isBusy = isApplying.value;
  const toggle = () => void applyChange(sid, { hidden: !hidden }, translate(hidden ? 'didShow' : 'didHide'));
  return (
    <div class="actions">
      <ActionButton isBusy={isBusy} onClick={toggle}>
        {translate(hidden ? 'show' : 'hide')}
      </ActionButton>
      {sold === 0 && (
        <ActionButton
          isBusy={isBusy}
          onClick={() => {
            asksToRemove.value = true;
          }}
        >
          {translate('remove')}
        </ActionButton>
      )}
      {asksToRemove.value && (
        <ConfirmDialog
          title={translate('removeTitle', { name: `${sid} · ${name}` })}
          lines={[translate('removeWhat')]}
          action={translate('removeSure')}
          onCancel={() => {
            asksToRemove.value = false;
          }}
          onConfirm={() => {
            asksToRemove.value = false;
            void applyRemoval(sid);
          }}
        />
      )}
    </div>
  );
}
