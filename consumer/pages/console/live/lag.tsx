import { whole } from '../../language.ts';
import { NONE } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { live } from './live-feed.ts';

// The smallest scale, so that the bars of a nearly empty log do not jump at each order.
const MIN_SCALE = 20;

/** The pending orders in the log by partition, and the process that reads each. */
export function Lag() {
  const figures = live.value;
  const byPartition = Object.entries(figures?.lag.byPartition ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const scale = Math.max(MIN_SCALE, ...byPartition.map(([, n]) => n));
  const readerOf = (partition: number) =>
    figures?.processes.find(({ partitions }) => partitions?.includes(partition))?.name ?? null;
  return (
    <Panel
      title={translate('lagTitle')}
      id="lag-title"
      aside={<span class="number soft">{translate('lagTotal', { n: figures ? whole(figures.lag.total) : NONE })}</span>}
    >
      {byPartition.length === 0 ? (
        <p class="empty">{translate('lagEmpty')}</p>
      ) : (
        <ol class="bars">
          {byPartition.map(([partition, n]) => {
            const reader = readerOf(Number(partition));
            return (
              <li key={partition} class={reader === null ? 'is-alone' : ''}>
                <span class="bar-name number">{partition}</span>
                <span class="bar-track">
                  <span class="bar-fill" style={{ width: `${(n / scale) * 100}%` }} />
                </span>
                <span class="bar-number number">{whole(n)}</span>
                <span class="bar-note">{reader ?? translate('noReader')}</span>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}
