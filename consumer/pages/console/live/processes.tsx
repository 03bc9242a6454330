import { whole } from '../../language.ts';
import { milliseconds, NONE, percent } from '../parts/formats.ts';
import { Panel, Scroll } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { live } from './live-feed.ts';
import type { LiveView } from './live-types.ts';

const SILENT_MS = 3000;
// A longer delay of the event loop slows down buyers.
const SLOW_LOOP_MS = 100;
const KINDS = ['nginx', 'consumer', 'provider', 'order-worker'];

/** The processes and their health. */
export function Processes() {
  const all = [...(live.value?.processes ?? [])].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  const silent = all.filter(({ ageMs }) => ageMs > SILENT_MS).length;
  return (
    <Panel
      title={translate('processesTitle')}
      id="processes-title"
      aside={<span class="soft number">{translate('processesCount', { n: all.length, silent })}</span>}
    >
      <Scroll label={translate('processesTitle')}>
        <table class="processes">
          <thead>
            <tr>
              <th scope="col">{translate('process')}</th>
              <th scope="col">{translate('health')}</th>
              <th scope="col" class="right">
                CPU
              </th>
              <th scope="col" class="right">
                {translate('memory')}
              </th>
              <th scope="col" class="right">
                {translate('eventLoop')}
              </th>
              <th scope="col">{translate('partitions')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((process) => (
              <Row key={process.name} {...process} />
            ))}
            {all.length === 0 && (
              <tr>
                <td colSpan={6} class="empty">
                  {translate('processesEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Row({ name, ageMs, cpu, memoryMb, eventLoopMs, partitions }: LiveView['processes'][number]) {
  const isSilent = ageMs > SILENT_MS;
  return (
    <tr class={isSilent ? 'is-silent' : ''}>
      <th scope="row">{name}</th>
      <td>
        <span class={isSilent ? 'state is-bad' : 'state is-good'}>
          {isSilent ? translate('silent', { s: Math.round(ageMs / 1000) }) : translate('healthy')}
        </span>
      </td>
      <td class="right number">
        <span class="meter">
          <span style={{ width: `${Math.min(1, cpu) * 100}%` }} />
        </span>
        {percent(cpu)}
      </td>
      <td class="right number">{whole(Math.round(memoryMb))} MB</td>
      <td class={`right number ${(eventLoopMs ?? 0) > SLOW_LOOP_MS ? 'is-late' : ''}`}>{milliseconds(eventLoopMs)}</td>
      <td class="number">{partitions === null ? NONE : partitions.join(' ') || translate('noPartitions')}</td>
    </tr>
  );
}
