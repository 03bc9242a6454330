import { whole } from '../../language.ts';
import { milliseconds, NONE, percent } from '../formats.ts';
import { Panel, Scroll } from '../parts/parts.tsx';
import { say } from '../texts/texts.ts';
import { live } from './live-feed.ts';
import type { LiveProcess } from './live-types.ts';

const SILENT_MS = 3000;
// A loop that is late by more than this makes buyers wait.
const SLOW_LOOP_MS = 100;
const KINDS = ['nginx', 'consumer', 'provider', 'order-worker'];

/** Who works on it, and how they are. */
export function Processes() {
  const all = [...(live.value?.processes ?? [])].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  const silent = all.filter(({ ageMs }) => ageMs > SILENT_MS).length;
  return (
    <Panel
      title={say('processesTitle')}
      id="processes-title"
      aside={<span class="soft number">{say('processesCount', { n: all.length, silent })}</span>}
    >
      <Scroll label={say('processesTitle')}>
        <table class="processes">
          <thead>
            <tr>
              <th scope="col">{say('process')}</th>
              <th scope="col">{say('health')}</th>
              <th scope="col" class="right">
                CPU
              </th>
              <th scope="col" class="right">
                {say('memory')}
              </th>
              <th scope="col" class="right">
                {say('eventLoop')}
              </th>
              <th scope="col">{say('partitions')}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <Row key={one.name} {...one} />
            ))}
            {all.length === 0 && (
              <tr>
                <td colSpan={6} class="empty">
                  {say('processesEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}

function Row({ name, ageMs, cpu, memoryMb, eventLoopMs, partitions }: LiveProcess) {
  const isSilent = ageMs > SILENT_MS;
  return (
    <tr class={isSilent ? 'is-silent' : ''}>
      <th scope="row">{name}</th>
      <td>
        <span class={isSilent ? 'state is-bad' : 'state is-good'}>
          {isSilent ? say('silent', { s: Math.round(ageMs / 1000) }) : say('healthy')}
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
      <td class="number">{partitions === null ? NONE : partitions.join(' ') || say('noPartitions')}</td>
    </tr>
  );
}
