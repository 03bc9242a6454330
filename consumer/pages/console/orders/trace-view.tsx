import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../../call-api.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { callAdmin } from '../parts/call-admin.ts';
import type { FieldError } from '../parts/field-errors.ts';
import { Field } from '../parts/fields.tsx';
import { milliseconds, NONE, preciseTime } from '../parts/formats.ts';
import { Fault, Panel, Scroll } from '../parts/panel.tsx';
import { openView } from '../parts/view.ts';
import { StockChoice } from '../stocks/stock-choice.tsx';
import { orderStateText, stepText, translate } from '../texts/translate.ts';
import { OrderActions } from './order-actions.tsx';
import { orderFilter } from './order-filter.tsx';
import { followOrders, OrdersPanel } from './orders-panel.tsx';
import { PaymentTable } from './payment-table.tsx';
import { type Hop, type Trace, toHops } from './trace-hops.ts';

const orderNo = signal('');
const trace = signal<Trace | null>(null);
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
const inputError = signal<FieldError | null>(null);

/** Finds orders, and shows one with its actions and its trace. `wanted`, from the address: its number, or a filter such as `?state=paid`. */
export function TraceView({ wanted }: { wanted: string }) {
  useEffect(() => followOrders(), []);
  useEffect(() => {
    if (wanted.startsWith('?')) {
      const filter = new URLSearchParams(wanted);
      orderFilter.value = { buyer: filter.get('buyer') ?? '', state: filter.get('state') ?? '' };
    }
    orderNo.value = wanted.startsWith('?') ? '' : wanted;
    if (orderNo.value === '') trace.value = null;
    else void read(wanted);
  }, [wanted]);
  return (
    <div class="view trace">
      <Panel title={translate('traceTitle')} id="trace-title" class="wide">
        <form
          class="form trace-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const number = orderNo.value.trim();
            inputError.value = number ? null : { text: 'fieldNeeded', value: '' };
            if (!number) return;
            if (number === wanted) void read(number);
            else openView('trace', number);
          }}
        >
          <Field
            id="trace-number"
            label={translate('orderNo')}
            value={orderNo.value}
            class="mono"
            error={inputError.value ?? undefined}
            onInput={(value) => {
              inputError.value = null;
              orderNo.value = value;
            }}
          />
          <ActionButton type="submit" class="primary" isBusy={isBusy.value}>
            {translate('follow')}
          </ActionButton>
        </form>
        <Fault error={fault.value} />
        <div role="status">
          {trace.value ? <Order trace={trace.value} /> : <p class="empty">{translate('traceEmpty')}</p>}
        </div>
      </Panel>
      <div class="wide">
        <OrdersPanel choice={<StockChoice id="trace-stock" />} />
      </div>
    </div>
  );
}

function Order({ trace }: { trace: Trace }) {
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{translate('stock')}</dt>
          <dd class="number">{trace.sid}</dd>
        </div>
        <div>
          <dt>{translate('buyer')}</dt>
          <dd>{trace.buyer}</dd>
        </div>
        <div>
          <dt>{translate('state')}</dt>
          <dd>
            <span class={`state is-${trace.state}`}>{orderStateText(trace.state)}</span>
          </dd>
        </div>
        <div>
          <dt>{translate('decidedBy')}</dt>
          <dd>{trace.decidedBy ?? NONE}</dd>
        </div>
        <div>
          <dt>{translate('partition')}</dt>
          <dd class="number">{trace.partition ?? NONE}</dd>
        </div>
        <div>
          <dt>{translate('offset')}</dt>
          <dd class="number">{trace.offset ?? NONE}</dd>
        </div>
      </dl>
      <OrderActions key={trace.orderNo} trace={trace} onChanged={() => void read(trace.orderNo)} />
      <PaymentTable payments={trace.payments ?? []} />
      <Hops trace={trace} />
    </>
  );
}

function Hops({ trace }: { trace: Trace }) {
  const { hops, lineMs } = toHops(trace);
  return (
    <>
      <div class="hop-line" aria-hidden="true">
        <span class="hop-rail" />
        {hops.map((hop, i) => hop.place !== null && <Stop key={hop.step} hop={hop} isLow={i % 2 === 1} />)}
        <span class="hop-scale number">{milliseconds(lineMs)}</span>
      </div>
      <Scroll label={translate('traceTitle')}>
        <table class="hops">
          <thead>
            <tr>
              <th scope="col">{translate('hop')}</th>
              <th scope="col">{translate('time')}</th>
              <th scope="col" class="right">
                {translate('sinceLast')}
              </th>
              <th scope="col" class="right">
                {translate('sinceClick')}
              </th>
              <th scope="col">{translate('by')}</th>
              <th scope="col">{translate('where')}</th>
            </tr>
          </thead>
          <tbody>
            {hops.map((hop) => (
              <tr key={hop.step} class={hop.atMs === null ? 'is-unknown' : ''}>
                <th scope="row">{stepText(hop.step)}</th>
                <td class="number">{hop.atMs === null ? missing(hop, trace) : preciseTime(hop.atMs)}</td>
                <td class="right number">
                  {hop.sinceLastMs !== null && hop.sinceLastMs < 0
                    ? translate('clocksDiffer')
                    : signed(hop.sinceLastMs)}
                </td>
                <td class="right number">{signed(hop.sinceStartMs)}</td>
                <td>{hop.by ?? NONE}</td>
                <td class="number">{placeOf(hop, trace)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Stop({ hop, isLow }: { hop: Hop; isLow: boolean }) {
  const place = hop.place ?? 0;
  const edge = place < 0.08 ? 'is-first' : place > 0.92 ? 'is-last' : '';
  return (
    <span class={`hop ${isLow ? 'is-low' : ''} ${edge}`} style={{ left: `${place * 100}%` }}>
      <b>{stepText(hop.step)}</b>
      <span class="number">{hop.sinceLastMs === null ? '0' : signed(hop.sinceLastMs)}</span>
    </span>
  );
}

function signed(ms: number | null): string {
  return ms === null ? NONE : `+${milliseconds(ms)}`;
}

/** Why the time of a step is missing. */
function missing({ step }: Hop, { state, decidedBy }: Trace): string {
  if (step === 'paid') return state === 'refunded' ? translate('notKnown') : translate('notYet');
  if (step === 'ended') return translate('notYet');
  if (step === 'appended' && decidedBy === 'direct') return translate('withoutLog');
  return translate('notKnown');
}

function placeOf({ step }: Hop, { partition, offset, index }: Trace): string {
  if (step !== 'appended' || partition === null) return NONE;
  return translate('place', { partition, offset: offset ?? NONE, index: index ?? 0 });
}

async function read(number: string): Promise<void> {
  isBusy.value = true;
  fault.value = null;
  try {
    trace.value = (await callAdmin<Trace>(`/admin/orders/${encodeURIComponent(number)}/trace`)).body;
  } catch (error) {
    trace.value = null;
    fault.value = error as ApiError;
  }
  isBusy.value = false;
}
