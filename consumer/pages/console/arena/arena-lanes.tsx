import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { whole } from '../../language.ts';
import { milliseconds, rate } from '../parts/formats.ts';
import { showsText, strategyText, translate, whyText } from '../texts/translate.ts';
import { type Experiment, isRunning, type Lane } from './experiments.ts';
import { lengthMs, type Position, positionAt, positionNow, roomFor, winnerOf } from './lane-position.ts';

// The length of a replay, whatever the race took.
const REPLAY_MS = 8000;

/** One lane for each strategy: sold rows up to the line at `units`, and beyond it. */
export function ArenaLanes({ experiment }: { experiment: Experiment }) {
  const { ways, units, buyers } = experiment;
  // The replayed time; null: the current position.
  const replayMs = useSignal<number | null>(null);
  const isReplaying = replayMs.value !== null;
  const room = roomFor(experiment);
  const winner = winnerOf(experiment);

  useEffect(() => {
    if (!isReplaying) return;
    const allMs = lengthMs(experiment);
    const startMs = performance.now();
    let frame = requestAnimationFrame(function step(nowMs) {
      const share = (nowMs - startMs) / REPLAY_MS;
      replayMs.value = share < 1 ? share * allMs : null;
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isReplaying, experiment, replayMs]);

  return (
    <>
      <ol class={`lanes ${isReplaying ? 'is-replaying' : ''}`}>
        {ways.map((lane) => (
          <LaneRow
            key={lane.way}
            lane={lane}
            position={replayMs.value === null ? positionNow(lane) : positionAt(lane.samples, replayMs.value)}
            room={room}
            units={units}
            buyers={buyers}
            isWinner={lane.way === winner}
          />
        ))}
      </ol>
      {!isRunning(experiment) && lengthMs(experiment) > 0 && (
        <div class="replay">
          <button
            type="button"
            onClick={() => {
              replayMs.value = isReplaying ? null : 0;
            }}
          >
            {translate(isReplaying ? 'replayStop' : 'replay')}
          </button>
          <span class="soft number">
            {isReplaying
              ? milliseconds(replayMs.value)
              : translate('replayHint', { ms: milliseconds(lengthMs(experiment)) })}
          </span>
        </div>
      )}
      {!isRunning(experiment) && <p class="soft">{translate('winnerRule')}</p>}
    </>
  );
}

type RowProps = {
  lane: Lane;
  position: Position;
  room: number;
  units: number;
  buyers: number;
  isWinner: boolean;
};

function LaneRow({ lane, position, room, units, buyers, isWinner }: RowProps) {
  const { way: strategy, shows, state } = lane;
  const share = (n: number, of: number) => `${Math.min(1, of > 0 ? n / of : 0) * 100}%`;
  const over = Math.max(0, Math.min(position.rows, room) - units);
  return (
    <li class={`lane is-${strategy} ${isWinner ? 'is-winner' : ''} lane-${state}`}>
      <div class="lane-head">
        <b>{strategyText(strategy)}</b>
        <span class="soft">{showsText(strategy, shows)}</span>
        {isWinner && <span class="state is-winner">{translate('winner')}</span>}
        <span class="lane-outcome">
          <Outcome lane={lane} />
        </span>
      </div>
      <div class="lane-track" aria-hidden="true">
        <span class="lane-fill" style={{ width: share(Math.min(position.rows, units), room) }} />
        <span
          class={`lane-over ${position.rows > room ? 'is-out' : ''}`}
          style={{ left: share(units, room), width: share(over, room) }}
        />
        <span class="lane-line" style={{ left: share(units, room) }} />
        <span class="lane-answered" style={{ width: share(position.answered, buyers) }} />
      </div>
      <p class="lane-now number">
        <span>{translate('laneRows', { rows: whole(position.rows), units: whole(units) })}</span>
        <span>{translate('laneAnswered', { answered: whole(position.answered), buyers: whole(buyers) })}</span>
      </p>
      {state === 'done' && <Measured lane={lane} />}
    </li>
  );
}

function Outcome({ lane: { state, oversold, unsold } }: { lane: Lane }) {
  if (state !== 'done')
    return <span class="state">{translate(state === 'running' ? 'laneRunning' : 'laneWaiting')}</span>;
  if (oversold) return <span class="state is-bad">{translate('oversold', { n: whole(oversold) })}</span>;
  if (unsold) return <span class="state is-warn">{translate('unsold', { n: whole(unsold) })}</span>;
  return <span class="state is-good">{translate('exact')}</span>;
}

function Measured({ lane }: { lane: Lane }) {
  const { ordersPerSecond, p50Ms, p99Ms, confirmed, sold, limited, errors, why, oversold, unsold } = lane;
  const facts: [string, string][] = [
    [translate('ordersPerSecond'), rate(ordersPerSecond)],
    ['p50', milliseconds(p50Ms)],
    ['p99', milliseconds(p99Ms)],
    [translate('confirmed'), whole(confirmed)],
    [translate('counter'), whole(sold)],
    [translate('limited'), whole(limited)],
    [translate('errors'), whole(errors)],
  ];
  return (
    <>
      <dl class="lane-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      {why && <p class="why">{whyText({ oversold, unsold }, why)}</p>}
    </>
  );
}
