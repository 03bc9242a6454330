import { signal, useSignal } from '@preact/signals';
import { acceptToken, identity, signIn, signInError, signOut } from '../../identity.ts';
import { goesToEntries } from '../../stock.ts';
import type { Order } from '../orders/order.ts';
import { translate } from '../parts/translate.ts';
import { useModal } from '../parts/use-modal.ts';
import { cancelOrder } from '../purchases/purchases.ts';
import { stockOf } from '../stocks/stocks.ts';

const isAccountOpen = signal(false);
const toCancel = signal<{ order: Order; name: string } | null>(null);

export function openAccount(): void {
  isAccountOpen.value = true;
}

export function askToCancel(order: Order, name: string): void {
  toCancel.value = { order, name };
}

export function Dialogs() {
  return (
    <>
      {toCancel.value && <CancelDialog {...toCancel.value} />}
      {isAccountOpen.value && <AccountDialog />}
    </>
  );
}

function CancelDialog({ order, name }: { order: Order; name: string }) {
  const failed = useSignal(false);
  const busy = useSignal(false);
  const close = () => {
    toCancel.value = null;
  };
  const modal = useModal(close);
  const stock = stockOf(order.sid)?.value;
  const isEntered = stock !== undefined && goesToEntries(stock);
  const cancel = async () => {
    if (busy.value) return;
    busy.value = true;
    failed.value = !(await cancelOrder(order));
    busy.value = false;
    if (!failed.value) close();
  };
  return (
    <dialog {...modal} aria-labelledby="cancel-title">
      <h2 id="cancel-title">{translate('confirmTitle')}</h2>
      <p>{translate(isEntered ? 'confirmTextEntered' : 'confirmText', { name })}</p>
      <p class="mono">{order.orderNo}</p>
      <p role="alert" class="trouble">
        {failed.value && translate('cancelFailed')}
      </p>
      <div class="dialog-do">
        <button type="button" class="medium" onClick={close}>
          {translate('confirmNo')}
        </button>
        <button type="button" class="medium strong" data-busy={busy.value} onClick={cancel}>
          {translate('confirmYes')}
        </button>
      </div>
    </dialog>
  );
}

function AccountDialog() {
  const bad = useSignal(false);
  const text = useSignal('');
  const close = () => {
    isAccountOpen.value = false;
  };
  const modal = useModal(close);
  const switchBuyer = async () => {
    signOut('buyer');
    await signIn('buyer');
    if (identity.value) close();
  };
  const use = (event: Event) => {
    event.preventDefault();
    bad.value = !acceptToken('buyer', text.value.trim());
    if (!bad.value) close();
  };
  const { value: current } = identity;
  const { value: error } = signInError;
  return (
    <dialog {...modal} aria-labelledby="account-title">
      <h2 id="account-title">{translate('accountTitle')}</h2>
      {current ? (
        <p>
          {translate('accountBuyer')} <b class="buyer">{current.buyer}</b>
        </p>
      ) : (
        <p>{translate(error === 'token_needed' ? 'accountToken' : error ? 'accountUnavailable' : 'accountNone')}</p>
      )}
      {error === 'token_needed' && (
        <form onSubmit={use}>
          <label for="token">{translate('tokenField')}</label>
          <textarea
            id="token"
            rows={4}
            required
            maxLength={8192}
            spellcheck={false}
            aria-invalid={bad.value}
            aria-describedby="token-problem"
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
          <p id="token-problem" role="alert" class="trouble">
            {bad.value && translate('tokenBad')}
          </p>
          <button type="submit" class="medium strong">
            {translate('tokenUse')}
          </button>
        </form>
      )}
      <div class="dialog-do">
        <button type="button" class="medium" onClick={close}>
          {translate('close')}
        </button>
        {error !== 'token_needed' && (
          <button type="button" class="medium strong" onClick={switchBuyer}>
            {translate(current ? 'switchBuyer' : 'signIn')}
          </button>
        )}
      </div>
    </dialog>
  );
}
