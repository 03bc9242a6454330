import { signal, useComputed } from '@preact/signals';
import { whole } from '../../language.ts';
import { Choice } from '../parts/buttons.tsx';
import { Chart, type ChartMark, type ChartSeries } from '../parts/chart.tsx';
import { clockTime, dateTime, milliseconds, NONE } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { fillTimeline } from './fill-timeline.ts';
import { type SaleBucket, saleHistory, saleSpan } from './follow-sale.ts';
import { SaleTable } from './sale-table.tsx';

const ORDERS = [
  { name: 'confirmed', colour: '--confirmed', isFilled: true },
  { name: 'refused', colour: '--refused' },
  { name: 'paid', colour: '--p50', dash: [6, 3] },
] as const satisfies (ChartSeries & { name: keyof SaleBucket })[];
const WAITS = [
  { name: 'msToLog', colour: '--p50', isFilled: true },
  { name: 'msToDecision', colour: '--p90', dash: [6, 3] },
  { name: 'slowestMs', colour: '--p99', dash: [2, 2] },
] as const satisfies (ChartSeries & { name: keyof SaleBucket })[];

const cursorAt = signal<number | null>(null);

/** What happened when: orders and payments, and how long buyers waited. */
export function SaleChart() {
  const filled = useComputed(() => (saleHistory.value ? fillTimeline(saleHistory.value) : []));
  const columns = (names: readonly { name: keyof SaleBucket }[]) => () =>
    [
      filled.value.map(({ at }) => Date.parse(at) / 1000),
      ...names.map(({ name }) => filled.value.map((bucket) => (bucket[name] ?? 0) as number)),
    ] as [number[], ...(number | null)[][]];
  const orders = useComputed(columns(ORDERS));
  const waits = useComputed(columns(WAITS));
  const marks = useComputed<ChartMark[]>(() => {
    const { opensAt = null, soldOutAt = null } = saleHistory.value ?? {};
    return [
      ...(opensAt ? [{ at: Date.parse(opensAt) / 1000, text: translate('markOpening') }] : []),
      ...(soldOutAt ? [{ at: Date.parse(soldOutAt) / 1000, text: translate('markSoldOut') }] : []),
    ];
  });
  const seconds = saleHistory.value?.bucketSeconds ?? 1;
  const isEmpty = saleHistory.value !== null && saleHistory.value.buckets.length === 0;
  const onCursor = (index: number | null) => {
    cursorAt.value = index;
  };
  return (
    <Panel title={translate('historyTitle')} id="history-title" class="wide" aside={<Span />}>
      <Legend series={ORDERS} buckets={filled.value} seconds={seconds} />
      <figure aria-label={translate('historyTitle')}>
        <Chart
          series={[...ORDERS]}
          data={orders}
          x="clock"
          heightPx={220}
          syncKey="sale"
          marks={marks}
          onCursor={onCursor}
          isStepped
        />
        {(isEmpty || saleHistory.value === null) && (
          <p class="chart-empty">{translate(isEmpty ? 'historyEmpty' : 'loading')}</p>
        )}
      </figure>
      <h3>{translate('waitsTitle')}</h3>
      <Legend series={WAITS} buckets={filled.value} seconds={seconds} />
      <figure aria-label={translate('waitsTitle')}>
        <Chart
          series={[...WAITS]}
          data={waits}
          x="clock"
          heightPx={130}
          syncKey="sale"
          marks={marks}
          onCursor={onCursor}
          formatLeft={shortWait}
          isStepped
        />
      </figure>
      <Slowest />
      <SaleTable />
    </Panel>
  );
}

function Span() {
  return (
    <Choice
      label={translate('span')}
      value={saleSpan.value}
      options={[
        ['whole', translate('spanWhole')],
        ['opening', translate('spanOpening')],
      ]}
      onChoose={(value) => {
        saleSpan.value = value;
      }}
    />
  );
}

type LegendProps = { series: typeof ORDERS | typeof WAITS; buckets: SaleBucket[]; seconds: number };

/** The names of the lines, and their values under the cursor, or else their sum or maximum. */
function Legend({ series, buckets, seconds }: LegendProps) {
  const at = cursorAt.value === null ? undefined : buckets[cursorAt.value];
  return (
    <p class="legend">
      <span class="legend-time number">
        {at ? clockTime(Date.parse(at.at)) : translate('perBucket', { length: lengthOf(seconds) })}
      </span>
      {series.map(({ name, colour }) => (
        <span key={name} class="key" style={{ '--key': `var(${colour})` }}>
          <i class="swatch" /> {translate(`sale_${name}`)} <b class="number">{figureOf(name, at ? [at] : buckets)}</b>
        </span>
      ))}
    </p>
  );
}

/** Orders are added up; of waits the longest is shown. */
function figureOf(name: (typeof ORDERS | typeof WAITS)[number]['name'], buckets: SaleBucket[]): string {
  if (name === 'confirmed' || name === 'refused' || name === 'paid') {
    return whole(buckets.reduce((sum, bucket) => sum + bucket[name], 0));
  }
  const known = buckets.flatMap((bucket) => bucket[name] ?? []);
  return known.length === 0 ? NONE : milliseconds(Math.max(...known));
}

/** For an axis. */
function shortWait(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

function lengthOf(seconds: number): string {
  if (seconds < 60) return translate('seconds', { n: seconds });
  return seconds < 3600 ? translate('minutes', { n: seconds / 60 }) : translate('hours', { n: seconds / 3600 });
}

/** When buyers waited longest, and which part took the time. */
function Slowest() {
  const history = saleHistory.value;
  const waited = (bucket: SaleBucket) => (bucket.msToLog ?? 0) + (bucket.msToDecision ?? 0);
  const slowest = history?.buckets.reduce<SaleBucket | null>(
    (found, bucket) => (waited(bucket) > (found ? waited(found) : 0) ? bucket : found),
    null,
  );
  if (!history || !slowest) return null;
  const { at, orders, slow, msToLog, msToDecision } = slowest;
  return (
    <p class="slowest">
      <b>{translate('slowestAt', { at: dateTime(at), length: lengthOf(history.bucketSeconds) })}</b>{' '}
      {translate('slowestWhat', {
        n: whole(orders),
        slow: whole(slow),
        log: milliseconds(msToLog),
        decision: milliseconds(msToDecision),
      })}{' '}
      {slow > 0 && translate((msToDecision ?? 0) > (msToLog ?? 0) ? 'slowDecision' : 'slowLog')}
    </p>
  );
}
