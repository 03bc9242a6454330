import { useComputed } from '@preact/signals';
import { whole } from '../../language.ts';
import { percent } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { rows, spanMs, splitShown } from './live-feed.ts';
import { ENDS, type End } from './split-requests.ts';

/** Where requests end: each step shows its share, and the rest passes to the next step. */
export function RequestFunnel() {
  const { all, steps } = useComputed(() => {
    rows.value;
    const { all, ended } = splitShown();
    let before = 0;
    const steps = ENDS.map((end) => {
      const from = before;
      before += ended[end];
      return { end, n: ended[end], from };
    });
    return { all, steps };
  }).value;
  const share = (n: number) => (all > 0 ? n / all : 0);
  return (
    <Panel
      title={translate('funnelTitle')}
      id="funnel-title"
      aside={<span class="soft">{translate('lastMinutes', { n: spanMs.value / 60_000 })}</span>}
    >
      <ol class="funnel">
        <Step name={translate('arrived')} n={all} from={0} share={share(all)} kind="arrived" />
        {steps.map(({ end, n, from }) => (
          <Step key={end} name={translate(`end_${end}`)} n={n} from={share(from)} share={share(n)} kind={kindOf(end)} />
        ))}
      </ol>
    </Panel>
  );
}

function kindOf(end: End): string {
  if (end === 'confirmed') return 'confirmed';
  return end === 'failed' ? 'failed' : 'away';
}

type StepProps = { name: string; n: number; from: number; share: number; kind: string };

function Step({ name, n, from, share, kind }: StepProps) {
  return (
    <li class={`is-${kind}`}>
      <span class="funnel-name">{name}</span>
      <span class="number funnel-total">{whole(n)}</span>
      <span class="number funnel-share">{percent(share)}</span>
      <span class="funnel-track">
        <span
          class="funnel-fill"
          style={{ left: `${from * 100}%`, width: n > 0 ? `max(1px, ${share * 100}%)` : '0' }}
        />
      </span>
    </li>
  );
}
