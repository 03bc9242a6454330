import { useComputed } from '@preact/signals';
import { whole } from '../language.ts';
import { percent, rate } from './formats.ts';
import { history, live, rows, spanMs } from './live-feed.ts';
import { LAYERS } from './live-types.ts';
import { Panel } from './parts.tsx';
import { say } from './texts.ts';

/** The way of the requests through the layers: each takes its piece, and what is left goes on to the next. */
export function TurnedAway() {
  const { steps, arrived, sold } = useComputed(() => {
    rows.value;
    const total = (name: Parameters<typeof history.total>[0]) => history.total(name, spanMs.value);
    const away = LAYERS.map((layer) => ({ layer, n: total(layer) }));
    const confirmed = total('confirmed');
    // What nginx did not count, as where there is none, arrived all the same.
    const all = Math.max(
      total('requests'),
      away.reduce((sum, { n }) => sum + n, confirmed),
    );
    let before = 0;
    const placed = away.map(({ layer, n }) => {
      const from = before;
      before += n;
      return { layer, n, from };
    });
    return { steps: placed, arrived: all, sold: confirmed };
  }).value;
  const now = live.value;
  const share = (n: number) => (arrived > 0 ? n / arrived : 0);
  return (
    <Panel
      title={say('awayTitle')}
      id="away-title"
      aside={<span class="soft">{say('lastMinutes', { n: spanMs.value / 60_000 })}</span>}
    >
      <ol class="funnel">
        <Step
          name={say('arrived')}
          n={arrived}
          from={0}
          share={share(arrived)}
          now={now?.perSecond.requests}
          kind="arrived"
        />
        {steps.map(({ layer, n, from }) => (
          <Step
            key={layer}
            name={say(layer)}
            n={n}
            from={share(from)}
            share={share(n)}
            now={now?.turnedAway[layer]}
            kind="away"
          />
        ))}
        <Step
          name={say('confirmed')}
          n={sold}
          from={1 - share(sold)}
          share={share(sold)}
          now={now?.perSecond.confirmed}
          kind="confirmed"
        />
      </ol>
    </Panel>
  );
}

type StepProps = { name: string; n: number; from: number; share: number; now: number | undefined; kind: string };

function Step({ name, n, from, share, now, kind }: StepProps) {
  return (
    <li class={`is-${kind}`}>
      <span class="funnel-name">{name}</span>
      <span class="funnel-track">
        <span
          class="funnel-fill"
          style={{ left: `${from * 100}%`, width: n > 0 ? `max(1px, ${share * 100}%)` : '0' }}
        />
      </span>
      <span class="number funnel-total">{whole(Math.round(n))}</span>
      <span class="number funnel-share">{percent(share)}</span>
      <span class="number funnel-rate">{rate(now)}/s</span>
    </li>
  );
}
