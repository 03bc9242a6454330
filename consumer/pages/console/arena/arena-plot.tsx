import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type uPlot from 'uplot';
import { whole } from '../../language.ts';
import { Chart } from '../parts/chart.tsx';
import { milliseconds, NONE } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { strategyText, translate } from '../texts/translate.ts';
import type { Experiment, Lane } from './experiments.ts';
import { joinSamples, roomFor } from './lane-position.ts';

const DASHES: Record<string, number[]> = {
  pessimistic: [8, 4],
  optimistic: [2, 2],
  optimisticLimit: [12, 3, 2, 3],
  optimisticLimitRedis: [5, 2],
};

/** Rows over time, all strategies from the same start. */
export function ArenaPlot({ experiment }: { experiment: Experiment }) {
  const { experimentId, ways, units } = experiment;
  const lanes = ways.filter(({ samples }) => samples.length > 0);
  // A new line needs a new chart.
  const key = [experimentId, ...lanes.map(({ way: strategy }) => strategy)].join(' ');
  return (
    <Panel title={translate('plotTitle')} id="plot-title" class="wide">
      {lanes.length === 0 ? (
        <p class="empty plot-empty">{translate('plotEmpty')}</p>
      ) : (
        <Lines key={key} lanes={lanes} units={units} top={roomFor(experiment) * 1.02} />
      )}
      <p class="soft">{translate('plotWhat', { units: whole(units) })}</p>
    </Panel>
  );
}

function Lines({ lanes, units, top }: { lanes: Lane[]; units: number; top: number }) {
  const joined = joinSamples(lanes);
  const data = useSignal<uPlot.AlignedData>(joined);
  const cursor = useSignal<number | null>(null);
  useEffect(() => {
    data.value = joinSamples(lanes);
  }, [lanes, data]);
  const [times, ...columns] = joined;
  const at = cursor.value ?? times.length - 1;
  return (
    <>
      <dl class="legend">
        <div class="key">
          <dt>{translate('time')}</dt>
          <dd class="number legend-time">{milliseconds(times[at])}</dd>
        </div>
        {lanes.map(({ way: strategy }, i) => (
          <div key={strategy} class={`key is-${strategy}`}>
            <dt>
              <i class="swatch" />
              {strategyText(strategy)}
            </dt>
            <dd class="number">{lastKnown(columns[i] ?? [], at)}</dd>
          </div>
        ))}
      </dl>
      <Chart
        series={lanes.map(({ way: strategy }) => ({
          colour: `--strategy-${strategy}`,
          spansGaps: true,
          ...(DASHES[strategy] && { dash: DASHES[strategy] }),
        }))}
        data={data}
        x="ms"
        heightPx={240}
        line={units}
        top={top}
        onCursor={(index) => {
          cursor.value = index;
        }}
      />
    </>
  );
}

function lastKnown(column: (number | null)[], at: number): string {
  const value = column.slice(0, at + 1).findLast((rows) => rows !== null);
  return value == null ? NONE : whole(value);
}
