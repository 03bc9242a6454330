import { useSignal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { money } from '../../language.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { callAdmin } from '../parts/call-admin.ts';
import type { FieldError } from '../parts/field-errors.ts';
import { Field } from '../parts/fields.tsx';
import { Fault } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import type { Trace } from './trace-hops.ts';

const MAX_REASON = 200;

type ActionTexts = Record<'open' | 'what' | 'reason' | 'sure' | 'done', string>;

/** Refunds a paid order, or cancels an unpaid one. `onChanged` is called when it is done. */
export function OrderActions({ trace, onChanged }: { trace: Trace; onChanged(): void }) {
  const done = useSignal('');
  const paid = trace.payments.find(({ state }) => state === 'paid');
  const path = `/admin/orders/${trace.orderNo}`;
  const finish = (text: string) => {
    done.value = text;
    onChanged();
  };
  return (
    <div class="order-actions">
      {trace.state === 'paid' && (
        <Ask
          key="refund"
          path={`${path}/refunds`}
          texts={{
            open: translate('refund', { amount: paid ? money(paid.amount) : '' }),
            what: translate('refundWhat'),
            reason: translate('refundReason'),
            sure: translate('refundSure'),
            done: translate('refunded'),
          }}
          onDone={finish}
        />
      )}
      {trace.state === 'awaiting_payment' && (
        <Ask
          key="cancel"
          path={`${path}/cancel`}
          texts={{
            open: translate('cancelOrder'),
            what: translate('cancelWhat'),
            reason: translate('cancelReason'),
            sure: translate('cancelSure'),
            done: translate('orderCancelled'),
          }}
          onDone={finish}
        />
      )}
      <p role="status" class="done">
        {done.value}
      </p>
    </div>
  );
}

type AskProps = { path: string; texts: ActionTexts; onDone(text: string): void };

/** A button that opens a form for the reason, and sends it. */
function Ask({ path, texts, onDone }: AskProps) {
  const reason = useSignal('');
  const error = useSignal<FieldError | null>(null);
  const fault = useSignal<ApiError | null>(null);
  const isBusy = useSignal(false);
  const send = async () => {
    const text = reason.value.trim();
    error.value = text === '' ? { text: 'fieldNeeded', value: '' } : null;
    if (text.length > MAX_REASON) error.value = { text: 'fieldLong', value: String(MAX_REASON) };
    if (error.value || isBusy.value) return;
    isBusy.value = true;
    fault.value = null;
    try {
      await callAdmin(path, { method: 'POST', body: { reason: text } });
      onDone(texts.done);
    } catch (failure) {
      fault.value = failure as ApiError;
    }
    isBusy.value = false;
  };
  return (
    <details class="edit">
      <summary>{texts.open}</summary>
      <form
        class="form trace-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Field
          id="action-reason"
          label={texts.reason}
          hint={texts.what}
          value={reason.value}
          error={error.value ?? undefined}
          onInput={(value) => {
            reason.value = value;
          }}
        />
        <ActionButton type="submit" class="danger" isBusy={isBusy.value}>
          {texts.sure}
        </ActionButton>
      </form>
      <Fault error={fault.value} />
    </details>
  );
}
