import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type uPlot from 'uplot';
import { whole } from '../language.ts';
import { Chart } from './chart.tsx';
import type { Experiment } from './experiments.ts';
import { milliseconds, NONE } from './formats.ts';
import { Panel } from './parts.tsx';
import { joinSamples } from './race.ts';
import { say, wayText } from './texts.ts';

const DASHES: Record<string, number[]> = {
  pessimistic: [8, 4],
  optimistic: [2, 2],
  optimisticLimit: [12, 3, 2, 3],
  optimisticLimitRedis: [5, 2],
};

/** Rows over time, all ways from the same start. */
export function ArenaPlot({ experiment }: { experiment: Experiment }) {
  const lanes = experiment.ways.filter(({ samples }) => samples.length > 0);
  const joined = joinSamples(lanes);
  const data = useSignal<uPlot.AlignedData>(joined);
  const cursor = useSignal<number | null>(null);
  useEffect(() => {
    data.value = joinSamples(experiment.ways.filter(({ samples }) => samples.length > 0));
  }, [experiment, data]);
  const [times, ...columns] = joined;
  const at = cursor.value ?? times.length - 1;
  return (
    <Panel
      title={say('plotTitle')}
      id="plot-title"
      class="wide"
      aside={<span class="soft number">{times[at] === undefined ? NONE : milliseconds(times[at])}</span>}
    >
      <dl class="legend">
        {lanes.map(({ way }, i) => (
          <div key={way} class={`key is-${way}`}>
            <dt>
              <i class="swatch" />
              {wayText(way)}
            </dt>
            <dd class="number">{lastKnown(columns[i] ?? [], at)}</dd>
          </div>
        ))}
      </dl>
      {lanes.length === 0 ? (
        <p class="empty">{say('plotEmpty')}</p>
      ) : (
        <Chart
          series={lanes.map(({ way }) => ({
            colour: `--way-${way}`,
            spansGaps: true,
            ...(DASHES[way] && { dash: DASHES[way] }),
          }))}
          data={data}
          x="ms"
          heightPx={240}
          line={experiment.units}
          onCursor={(index) => {
            cursor.value = index;
          }}
        />
      )}
      <p class="soft">{say('plotWhat', { units: whole(experiment.units) })}</p>
    </Panel>
  );
}

function lastKnown(column: (number | null)[], at: number): string {
  const value = column.slice(0, at + 1).findLast((one) => one !== null);
  return value == null ? NONE : whole(value);
}
