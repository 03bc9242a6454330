import { signal, useComputed } from '@preact/signals';
import type uPlot from 'uplot';
import { whole } from '../../language.ts';
import { Choice } from '../parts/buttons.tsx';
import { Chart, type ChartSeries } from '../parts/chart.tsx';
import { clockTime, NONE, rate } from '../parts/formats.ts';
import { Panel, Scroll } from '../parts/panel.tsx';
import { StockChoice } from '../stocks/stock-choice.tsx';
import { translate } from '../texts/translate.ts';
import { type Figure, history, live, rows, spanMs } from './live-feed.ts';

const SERIES = [
  { name: 'confirmed', colour: '--confirmed', isFilled: true },
  { name: 'refused', colour: '--refused' },
  { name: 'limited', colour: '--limited', dash: [6, 3] },
  { name: 'pending', colour: '--pending', dash: [2, 2] },
  { name: 'failed', colour: '--errors' },
  { name: 'left', colour: '--left', dash: [10, 4], scale: 'right' },
] as const satisfies (ChartSeries & { name: Figure })[];

type SeriesName = (typeof SERIES)[number]['name'];

/** The last series is drawn on top: errors must not hide sales. */
const DRAWN = SERIES.toReversed();
const NAMES = SERIES.map(({ name }) => name);
const TABLE_ROWS = 10;

const hidden = signal<ReadonlySet<SeriesName>>(new Set());
const isLogarithmic = signal(false);
const cursorAt = signal<number | null>(null);

/** First and last second of the chart, which moves on even without new rows. */
export function useRange() {
  return useComputed<[number, number]>(() => {
    rows.value;
    const last = (history.lastMs() ?? Date.now()) / 1000;
    return [last - spanMs.value / 1000, last];
  });
}

/** Answers per second and units left, over time. */
export function TimeChart() {
  const data = useComputed(() => {
    rows.value;
    return history.columns(NAMES, spanMs.value);
  });
  const drawn = useComputed(() => {
    const [times, ...columns] = data.value;
    return [times, ...columns.toReversed()] as uPlot.AlignedData;
  });
  const range = useRange();
  return (
    <Panel
      title={translate('chartTitle')}
      id="chart-title"
      class="wide"
      aside={
        <div class="panel-tools">
          <StockChoice id="chart-stock" canFollow />
          <Choice
            label={translate('scale')}
            value={isLogarithmic.value ? 'log' : 'linear'}
            options={[
              ['linear', translate('scaleLinear')],
              ['log', translate('scaleLog')],
            ]}
            onChoose={(value) => {
              isLogarithmic.value = value === 'log';
            }}
          />
          <Choice
            label={translate('span')}
            value={spanMs.value}
            options={[
              [120_000, translate('minutes', { n: 2 })],
              [300_000, translate('minutes', { n: 5 })],
            ]}
            onChoose={(value) => {
              spanMs.value = value;
            }}
          />
        </div>
      }
    >
      <Legend columns={data.value} />
      <div class="axis-names" aria-hidden="true">
        <span>{translate('perSecond')}</span>
        <span>{translate('left')}</span>
      </div>
      <figure aria-label={translate('chartTitle')}>
        <Chart
          series={DRAWN.map((series) => ({ ...series, isHidden: hidden.value.has(series.name) }))}
          data={drawn}
          range={range}
          x="clock"
          heightPx={270}
          isLogarithmic={isLogarithmic.value}
          syncKey="live"
          onCursor={(index) => {
            cursorAt.value = index;
          }}
        />
        {live.value === null && <p class="chart-empty">{translate('chartEmpty')}</p>}
        <Latest columns={data.value} />
      </figure>
    </Panel>
  );
}

type Columns = [number[], ...(number | null)[][]];

/** The names and values of the lines, under the cursor or else the latest. A click hides a line. */
function Legend({ columns }: { columns: Columns }) {
  const [times, ...values] = columns;
  const index = cursorAt.value ?? times.length - 1;
  const atS = times[index];
  return (
    <div class="legend">
      <span class="legend-time number">{atS === undefined ? NONE : clockTime(atS * 1000)}</span>
      {SERIES.map(({ name }, i) => (
        <button
          key={name}
          type="button"
          class={`key is-${name}`}
          aria-pressed={!hidden.value.has(name)}
          onClick={() => toggle(name)}
        >
          <i class="swatch" />
          {translate(name)} <b class="number">{value(name, values[i]?.[index])}</b>
        </button>
      ))}
    </div>
  );
}

function value(name: SeriesName, of: number | null | undefined): string {
  if (of == null) return NONE;
  return name === 'left' ? whole(of) : rate(of);
}

function toggle(name: SeriesName): void {
  const now = new Set(hidden.value);
  if (!now.delete(name)) now.add(name);
  hidden.value = now;
}

/** The latest figures as a table. */
function Latest({ columns: [times, ...values] }: { columns: Columns }) {
  const last = times.map((_, i) => times.length - 1 - i).slice(0, TABLE_ROWS);
  return (
    <details class="as-table">
      <summary>{translate('asTable')}</summary>
      <Scroll label={translate('chartTitle')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{translate('time')}</th>
              {NAMES.map((name) => (
                <th key={name} scope="col" class="right">
                  {translate(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {last.map((row) => (
              <tr key={times[row]}>
                <th scope="row" class="number">
                  {clockTime((times[row] ?? 0) * 1000)}
                </th>
                {NAMES.map((name, i) => (
                  <td key={name} class="number right">
                    {value(name, values[i]?.[row])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
