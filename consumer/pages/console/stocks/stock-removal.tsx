import { useSignal } from '@preact/signals';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { ActionButton } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { applyChange, applyRemoval, isApplying } from './apply-change.ts';
import type { AdminStock } from './stocks.ts';

/**
 * Hides the chosen stock, or shows it again; removes one that sold nothing. It may have refused orders all the same, which the list does
 * not say: then the removal is refused.
 */
export function StockRemoval({ stock: { sid, name, hidden }, sold }: { stock: AdminStock; sold: number }) {
  const asksToRemove = useSignal(false);
  const isBusy = isApplying.value;
  const turn = () => void applyChange(sid, { hidden: !hidden }, translate(hidden ? 'didShow' : 'didHide'));
  return (
    <div class="actions">
      <ActionButton isBusy={isBusy} onClick={turn}>
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
