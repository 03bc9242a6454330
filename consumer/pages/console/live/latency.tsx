import { useComputed } from '@preact/signals';
import { whole } from '../../language.ts';
import { Chart, type ChartSeries } from '../parts/chart.tsx';
import { milliseconds } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { history, live, rows, spanMs } from './live-feed.ts';
import { useRange } from './time-chart.tsx';

const NAMES = ['p50', 'p90', 'p99'] as const;
const SERIES: ChartSeries[] = [
  { colour: '--p50', isFilled: true },
  { colour: '--p90', dash: [6, 3] },
  { colour: '--p99' },
];

/** The time from the click to the decision. */
export function Latency() {
  const data = useComputed(() => {
    rows.value;
    return history.columns(NAMES, spanMs.value);
  });
  const range = useRange();
  const now = live.value?.decisionMs;
  return (
    <Panel title={translate('latencyTitle')} id="latency-title">
      <dl class="legend">
        {NAMES.map((name) => (
          <div key={name} class={`key is-${name}`}>
            <dt>
              <i class="swatch" />
              {name}
            </dt>
            <dd class="number">{milliseconds(now?.[name])}</dd>
          </div>
        ))}
        <div class="key">
          <dt>{translate('decisions10s')}</dt>
          <dd class="number">{whole(now?.count ?? 0)}</dd>
        </div>
      </dl>
      <Chart
        series={SERIES}
        data={data}
        range={range}
        x="clock"
        heightPx={168}
        syncKey="live"
        formatLeft={(value) => (value === 0 ? '0' : milliseconds(value))}
      />
    </Panel>
  );
}
