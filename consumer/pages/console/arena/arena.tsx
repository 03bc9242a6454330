import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../../call-api.ts';
import { whole } from '../../language.ts';
import { link } from '../live/live-feed.ts';
import { describeFault } from '../parts/describe-fault.ts';
import { type FieldError, fieldErrors } from '../parts/field-errors.ts';
import { Field, focusFirstWrong } from '../parts/fields.tsx';
import { dateTime } from '../parts/formats.ts';
import { ActionButton, Panel } from '../parts/panel.tsx';
import { needed, readWhole } from '../parts/read-fields.ts';
import { collect } from '../stocks/check-stock.ts';
import { showsText, strategyText, translate } from '../texts/translate.ts';
import { ArenaLanes } from './arena-lanes.tsx';
import { ArenaPlot } from './arena-plot.tsx';
import {
  arenaFault,
  type Experiment,
  experiments,
  isUnderWay,
  loadExperiments,
  reloadExperiment,
  runExperiment,
  runner,
  shownId,
  ways,
} from './experiments.ts';

// Events tell what moves; this is for a runner that comes or goes, and, without events, for everything.
const ASK_EVERY_MS = 5000;
const ASK_WITHOUT_EVENTS_MS = 1000;
// Limits of the API.
const MAX_BUYERS = 20_000;
const MAX_UNITS = 1_000_000;

const unwanted = signal<ReadonlySet<string>>(new Set());
const buyers = signal('2000');
const units = signal('100');
const fault = signal<ApiError | null>(null);
const wrong = signal<Record<string, FieldError>>({});
const isBusy = signal(false);

/** The six ways to sell against each other. */
export function Arena() {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      await askAgain();
      const waitMs = link.value === 'live' ? ASK_EVERY_MS : ASK_WITHOUT_EVENTS_MS;
      if (!isOver) timer = setTimeout(() => void ask(), waitMs);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  const shown = experiments.value.find(({ experimentId }) => experimentId === shownId.value) ?? experiments.value[0];
  return (
    <div class="view arena">
      <ArenaForm />
      {shown ? <Race experiment={shown} /> : <NoRace />}
    </div>
  );
}

async function askAgain(): Promise<void> {
  const running = experiments.value.find(isUnderWay);
  // One that was under way while the runner died is nowhere any more.
  if (running) await reloadExperiment(running.experimentId).catch(loadExperiments);
  else await loadExperiments();
}

function NoRace() {
  return (
    <Panel title={translate('raceTitle')} id="race-title" class="wide">
      <p class="empty">{translate(ways.value || arenaFault.value ? 'raceEmpty' : 'loading')}</p>
    </Panel>
  );
}

function Race({ experiment }: { experiment: Experiment }) {
  const { experimentId, startedAt, buyers, units, state, error } = experiment;
  return (
    <>
      <Panel
        title={translate('raceTitle')}
        id="race-title"
        class="wide"
        aside={
          <div class="panel-tools">
            <span class={`state is-${state}`} role="status">
              {translate(`experiment_${state}`)}
            </span>
            <span class="inline">
              <label for="race-choice">{translate('experiment')}</label>
              <select
                id="race-choice"
                value={experimentId}
                onChange={(event) => {
                  shownId.value = event.currentTarget.value;
                }}
              >
                {experiments.value.map((one) => (
                  <option key={one.experimentId} value={one.experimentId}>
                    {dateTime(one.startedAt)} · {one.ways.length} × {whole(one.buyers)} → {whole(one.units)}
                  </option>
                ))}
              </select>
            </span>
          </div>
        }
      >
        <p class="soft number">
          {translate('raceWhat', { buyers: whole(buyers), units: whole(units), at: dateTime(startedAt) })}
        </p>
        {state === 'failed' && (
          <p class="fault" role="alert">
            {translate('raceFailed', { error: error ?? '' })}
          </p>
        )}
        <ArenaLanes key={experimentId} experiment={experiment} />
      </Panel>
      <ArenaPlot experiment={experiment} />
    </>
  );
}

function ArenaForm() {
  const errors = wrong.value;
  const isOff = arenaFault.value?.code === 'not_found';
  const running = experiments.value.some(isUnderWay);
  const note = noteOf(isOff, running);
  return (
    <Panel title={translate('arenaTitle')} id="arena-title">
      <p class="soft">{translate('arenaWhat')}</p>
      <form class="form arena-form" noValidate onSubmit={(event) => void start(event)}>
        <fieldset class="ways" disabled={isOff}>
          <legend>{translate('ways')}</legend>
          {(ways.value ?? []).map(({ way, shows }) => (
            <label key={way} class={`way is-${way}`}>
              <input type="checkbox" checked={!unwanted.value.has(way)} onChange={() => toggle(way)} />
              <i class="swatch" />
              <span>{strategyText(way)}</span>
              <small class="soft">{showsText(way, shows)}</small>
            </label>
          ))}
          {errors.ways && <span class="wrong">{translate('waysNeeded')}</span>}
        </fieldset>
        <Field
          id="race-buyers"
          label={translate('buyers')}
          value={buyers.value}
          onInput={(value) => {
            buyers.value = value;
          }}
          error={errors.buyers}
          inputMode="numeric"
        />
        <Field
          id="race-units"
          label={translate('units')}
          value={units.value}
          onInput={(value) => {
            units.value = value;
          }}
          error={errors.units}
          inputMode="numeric"
        />
        <div class="form-end">
          <ActionButton type="submit" class="primary" isBusy={isBusy.value || running} disabled={isOff}>
            {translate(running ? 'racing' : 'race')}
          </ActionButton>
        </div>
      </form>
      <p class="fault" role="alert">
        {note}
        {fault.value && Object.keys(errors).length === 0 && arenaFaultText(fault.value)}
      </p>
    </Panel>
  );
}

function noteOf(isOff: boolean, running: boolean): string {
  if (isOff) return translate('ladderOff');
  if (arenaFault.value) return describeFault(arenaFault.value);
  return ways.value && !runner.value && !running && !fault.value ? translate('noRunner') : '';
}

function arenaFaultText(error: ApiError): string {
  if (error.code === 'conflict') return translate('raceRuns');
  if (error.code === 'unavailable') return translate('noRunner');
  return error.code === 'not_found' ? translate('ladderOff') : describeFault(error);
}

function toggle(way: string): void {
  const now = new Set(unwanted.value);
  if (!now.delete(way)) now.add(way);
  unwanted.value = now;
}

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (isBusy.value) return;
  const form = event.currentTarget as HTMLFormElement;
  fault.value = null;
  const wanted = (ways.value ?? []).map(({ way }) => way).filter((way) => !unwanted.value.has(way));
  const { wish, errors } = collect({
    ways: wanted.length > 0 ? {} : { error: { text: 'fieldNeeded', value: '' } },
    buyers: needed(readWhole(buyers.value, 1, MAX_BUYERS)),
    units: needed(readWhole(units.value, 1, MAX_UNITS)),
  });
  wrong.value = errors;
  if (Object.keys(errors).length > 0) return focusFirstWrong(form);
  isBusy.value = true;
  try {
    await runExperiment({ ...wish, ways: wanted });
  } catch (error) {
    fault.value = error as ApiError;
    wrong.value = fieldErrors(fault.value.problem);
    focusFirstWrong(form);
  }
  isBusy.value = false;
}
