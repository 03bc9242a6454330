import { effect, signal } from '@preact/signals';
import type { ApiError } from '../call-api.ts';
import { money, whole } from '../language.ts';
import { serverNowMs } from '../server-clock.ts';
import type { Stock } from '../stock.ts';
import { fieldErrors } from './field-errors.ts';
import { dateTime, NONE } from './formats.ts';
import { Fault, Field, Panel, SureButton } from './parts.tsx';
import { toCount } from './read-fields.ts';
import { chosenSid, stockEvent } from './stock-events.ts';
import { type Change, changeStock, stocks } from './stocks.ts';
import { say, stateText } from './texts.ts';

const units = signal('');
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
const done = signal('');

// What was said of one stock says nothing of another.
effect(() => {
  chosenSid.value;
  units.value = '';
  fault.value = null;
  done.value = '';
});

/** The chosen stock as it sells, and what can be done with it. */
export function StockDetail() {
  const stock = (stocks.value ?? []).find(({ sid }) => sid === chosenSid.value);
  if (!stock)
    return (
      <Panel title={say('chosenTitle')} id="chosen-title">
        <p class="empty">{say('nothingChosen')}</p>
      </Panel>
    );
  const event = stockEvent.value;
  const { left, count, sold, state } = event ?? stock;
  return (
    <Panel
      title={`${stock.sid} · ${stock.name}`}
      id="chosen-title"
      aside={<span class={`state is-${state}`}>{stateText(state)}</span>}
    >
      <div class="gauge">
        <b class="number">{whole(left)}</b> <span>{say('leftOf', { count: whole(count) })}</span>
        <span class="gauge-track">
          <span style={{ width: `${count > 0 ? Math.min(1, left / count) * 100 : 0}%` }} />
        </span>
      </div>
      <dl class="facts">
        <Fact name={say('sold')} value={whole(sold)} />
        <Fact name={say('soldPerSecond')} value={event ? whole(Math.round(event.ordersPerSecond)) : NONE} />
        <Fact name={say('price')} value={money(stock.priceCents, stock.currency)} />
        <Fact name={say('opensAt')} value={stock.opensAt ? dateTime(stock.opensAt) : say('fromTheStart')} />
        <Fact name={say('closesAt')} value={stock.closesAt ? dateTime(stock.closesAt) : say('noEnd')} />
      </dl>
      <Actions stock={stock} state={state} />
      <TopUp sid={stock.sid} />
      <p role="status" class="done">
        {done.value}
      </p>
      <Fault error={fieldErrors(fault.value?.problem ?? {}).addUnits ? null : fault.value} />
    </Panel>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
    </div>
  );
}

function Actions({ stock, state }: { stock: Stock; state: Stock['state'] }) {
  const { sid } = stock;
  // The event is newer than the list, which alone knows of a pause before and after the sale.
  const isPaused = state === 'paused' || (stock.paused && (state === 'upcoming' || state === 'closed'));
  const act = (change: Change, text: string) => void applyChange(sid, change, text);
  const now = () => new Date(serverNowMs()).toISOString();
  return (
    <div class="actions">
      {state === 'upcoming' && (
        <button
          type="button"
          class="primary"
          disabled={isBusy.value}
          onClick={() => act({ opensAt: now() }, say('didOpen'))}
        >
          {say('openNow')}
        </button>
      )}
      {state === 'closed' && (
        <button type="button" disabled={isBusy.value} onClick={() => act({ closesAt: null }, say('didReopen'))}>
          {say('reopen')}
        </button>
      )}
      {isPaused ? (
        <button
          type="button"
          class="primary"
          disabled={isBusy.value}
          onClick={() => act({ paused: false }, say('didResume'))}
        >
          {say('resume')}
        </button>
      ) : (
        <button
          type="button"
          disabled={isBusy.value || state === 'closed'}
          onClick={() => act({ paused: true }, say('didPause'))}
        >
          {say('pause')}
        </button>
      )}
      {state !== 'closed' && (
        <SureButton
          label={say('close')}
          sure={say('closeSure')}
          disabled={isBusy.value}
          onClick={() => act({ closesAt: now() }, say('didClose'))}
        />
      )}
    </div>
  );
}

function TopUp({ sid }: { sid: number }) {
  const wrong = fieldErrors(fault.value?.problem ?? {}).addUnits;
  return (
    <form
      class="form top-up"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void applyChange(sid, toCount('addUnits', units.value), say('didTopUp', { n: units.value.trim() }));
      }}
    >
      <Field
        id="top-up"
        label={say('topUp')}
        hint={say('topUpHint')}
        value={units.value}
        onInput={(value) => {
          units.value = value;
        }}
        error={wrong}
        inputMode="numeric"
      />
      <button type="submit" disabled={isBusy.value || units.value.trim() === ''}>
        {say('add')}
      </button>
    </form>
  );
}

async function applyChange(sid: number, change: Change, text: string): Promise<void> {
  if (isBusy.value) return;
  isBusy.value = true;
  fault.value = null;
  done.value = '';
  try {
    await changeStock(sid, change);
    // It may be another stock's turn by now.
    if (chosenSid.value === sid) done.value = text;
    if (change.addUnits !== undefined) units.value = '';
  } catch (error) {
    fault.value = error as ApiError;
  }
  isBusy.value = false;
}
