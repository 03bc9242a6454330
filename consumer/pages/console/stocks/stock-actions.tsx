import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { whole } from '../../language.ts';
import { serverNowMs } from '../../server-clock.ts';
import type { Stock } from '../../stock.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { translate } from '../texts/translate.ts';
import { applyChange, isApplying } from './apply-change.ts';
import type { Change } from './stocks.ts';

/** Opens, pauses and closes the chosen stock. */
export function StockActions({ stock, state, left }: { stock: Stock; state: Stock['state']; left: number }) {
  const { sid, name, count } = stock;
  const asksToClose = useSignal(false);
  const box = useKeptFocus();
  // The event is newer than the list, but only the list contains a pause before or after the sale.
  const isPaused = state === 'paused' || (stock.paused && (state === 'upcoming' || state === 'closed'));
  const act = (change: Change, text: string) => void applyChange(sid, change, text);
  const now = () => new Date(serverNowMs()).toISOString();
  const isBusy = isApplying.value;
  return (
    <div class="actions" ref={box}>
      {state === 'upcoming' && (
        <ActionButton class="primary" isBusy={isBusy} onClick={() => act({ opensAt: now() }, translate('didOpen'))}>
          {translate('openNow')}
        </ActionButton>
      )}
      {state === 'closed' && (
        <ActionButton isBusy={isBusy} onClick={() => act({ closesAt: null }, translate('didReopen'))}>
          {translate('reopen')}
        </ActionButton>
      )}
      {isPaused ? (
        <ActionButton class="primary" isBusy={isBusy} onClick={() => act({ paused: false }, translate('didResume'))}>
          {translate('resume')}
        </ActionButton>
      ) : (
        <ActionButton
          isBusy={isBusy}
          disabled={state === 'closed'}
          onClick={() => act({ paused: true }, translate('didPause'))}
        >
          {translate('pause')}
        </ActionButton>
      )}
      {state !== 'closed' && (
        <ActionButton
          isBusy={isBusy}
          onClick={() => {
            asksToClose.value = true;
          }}
        >
          {translate('close')}
        </ActionButton>
      )}
      {asksToClose.value && (
        <ConfirmDialog
          title={translate('closeTitle', { name })}
          lines={[translate('closeWhat', { left: whole(left), count: whole(count) }), translate('closeOrders')]}
          action={translate('closeSure')}
          onCancel={() => {
            asksToClose.value = false;
          }}
          onConfirm={() => {
            asksToClose.value = false;
            act({ closesAt: now() }, translate('didClose'));
          }}
        />
      )}
    </div>
  );
}

/** If the button with the focus disappears, the focus moves to the first remaining one. */
function useKeptFocus() {
  const box = useRef<HTMLDivElement>(null);
  const hadFocus = box.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (hadFocus && isLost) box.current?.querySelector<HTMLButtonElement>('button:not(:disabled)')?.focus();
  });
  return box;
}
