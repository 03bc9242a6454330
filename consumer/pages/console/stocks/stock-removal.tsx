import { useSignal } from '@preact/signals';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { ActionButton } from '../parts/parts.tsx';
import { say } from '../texts/texts.ts';
import { applyChange, applyRemoval, isApplying } from './apply-change.ts';
import type { AdminStock } from './stocks.ts';

/**
 * Hides the chosen stock, or shows it again; removes one that sold nothing. It may have refused orders all the same, which the list does
 * not say: then the removal is refused.
 */
export function StockRemoval({ stock: { sid, name, hidden }, sold }: { stock: AdminStock; sold: number }) {
  const asksToRemove = useSignal(false);
  const isBusy = isApplying.value;
  const turn = () => void applyChange(sid, { hidden: !hidden }, say(hidden ? 'didShow' : 'didHide'));
  return (
    <div class="actions">
      <ActionButton isBusy={isBusy} onClick={turn}>
        {say(hidden ? 'show' : 'hide')}
      </ActionButton>
      {sold === 0 && (
        <ActionButton
          isBusy={isBusy}
          onClick={() => {
            asksToRemove.value = true;
          }}
        >
          {say('remove')}
        </ActionButton>
      )}
      {asksToRemove.value && (
        <ConfirmDialog
          title={say('removeTitle', { name: `${sid} · ${name}` })}
          lines={[say('removeWhat')]}
          action={say('removeSure')}
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
