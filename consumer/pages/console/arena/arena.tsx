import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../../call-api.ts';
import { whole } from '../../language.ts';
import { link } from '../live/live-feed.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { describeFault } from '../parts/describe-fault.ts';
import { type FieldError, fieldErrors } from '../parts/field-errors.ts';
import { Field, focusFirstWrong } from '../parts/fields.tsx';
import { dateTime } from '../parts/formats.ts';
import { Panel } from '../parts/panel.tsx';
import { collectFields, needed, readWhole } from '../parts/read-fields.ts';
import { showsText, strategyText, translate } from '../texts/translate.ts';
import { ArenaLanes } from './arena-lanes.tsx';
import { ArenaPlot } from './arena-plot.tsx';
import {
  arenaFault,
  type Experiment,
  experiments,
  hasRunner,
  isRunning,
  loadExperiments,
  reloadExperiment,
  runExperiment,
  shownId,
  strategies,
} from './experiments.ts';

// Changes arrive as events. Polling finds runners that start or stop and, without events, all changes.
const POLL_EVERY_MS = 5000;
const POLL_WITHOUT_EVENTS_MS = 1000;
// Limits of the API.
const MAX_BUYERS = 20_000;
const MAX_UNITS = 1_000_000;

const deselected = signal<ReadonlySet<string>>(new Set());
const buyers = signal('2000');
const units = signal('100');
const fault = signal<ApiError | null>(null);
const fieldFaults = signal<Record<string, FieldError>>({});
const isBusy = signal(false);

/** Compares the six strategies. */
export function Arena() {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const poll = async () => {
      await reload();
      const waitMs = link.value === 'live' ? POLL_EVERY_MS : POLL_WITHOUT_EVENTS_MS;
      if (!isOver) timer = setTimeout(() => void poll(), waitMs);
    };
    void poll();
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

async function reload(): Promise<void> {
  const running = experiments.value.find(isRunning);
  // An experiment whose runner died may no longer exist.
  if (running) await reloadExperiment(running.experimentId).catch(loadExperiments);
  else await loadExperiments();
}

function NoRace() {
  return (
    <Panel title={translate('raceTitle')} id="race-title" class="wide">
      <p class="empty">{translate(strategies.value || arenaFault.value ? 'raceEmpty' : 'loading')}</p>
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
                {experiments.value.map((item) => (
                  <option key={item.experimentId} value={item.experimentId}>
                    {dateTime(item.startedAt)} · {item.ways.length} × {whole(item.buyers)} → {whole(item.units)}
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
  const errors = fieldFaults.value;
  const isOff = arenaFault.value?.code === 'not_found';
  const running = experiments.value.some(isRunning);
  const note = describeState(isOff, running);
  return (
    <Panel title={translate('arenaTitle')} id="arena-title">
      <p class="soft">{translate('arenaWhat')}</p>
      <form class="form arena-form" noValidate onSubmit={(event) => void start(event)}>
        <fieldset class="strategies" disabled={isOff}>
          <legend>{translate('strategies')}</legend>
          {(strategies.value ?? []).map(({ way: strategy, shows }) => (
            <label key={strategy} class={`strategy is-${strategy}`}>
              <input type="checkbox" checked={!deselected.value.has(strategy)} onChange={() => toggle(strategy)} />
              <i class="swatch" />
              <span>{strategyText(strategy)}</span>
              <small class="soft">{showsText(strategy, shows)}</small>
            </label>
          ))}
          {errors.ways && <span class="wrong">{translate('strategiesNeeded')}</span>}
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

function describeState(isOff: boolean, running: boolean): string {
  if (isOff) return translate('ladderOff');
  if (arenaFault.value) return describeFault(arenaFault.value);
  return strategies.value && !hasRunner.value && !running && !fault.value ? translate('noRunner') : '';
}

function arenaFaultText(error: ApiError): string {
  if (error.code === 'conflict') return translate('raceRuns');
  if (error.code === 'unavailable') return translate('noRunner');
  return error.code === 'not_found' ? translate('ladderOff') : describeFault(error);
}

function toggle(strategy: string): void {
  const now = new Set(deselected.value);
  if (!now.delete(strategy)) now.add(strategy);
  deselected.value = now;
}

async function start(event: Event): Promise<void> {
  event.preventDefault();
  if (isBusy.value) return;
  const form = event.currentTarget as HTMLFormElement;
  fault.value = null;
  const wanted = (strategies.value ?? [])
    .map(({ way: strategy }) => strategy)
    .filter((strategy) => !deselected.value.has(strategy));
  const { values, errors } = collectFields({
    ways: wanted.length > 0 ? {} : { error: { text: 'fieldNeeded', value: '' } },
    buyers: needed(readWhole(buyers.value, 1, MAX_BUYERS)),
    units: needed(readWhole(units.value, 1, MAX_UNITS)),
  });
  fieldFaults.value = errors;
  if (Object.keys(errors).length > 0) return focusFirstWrong(form);
  isBusy.value = true;
  try {
    await runExperiment({ ...values, ways: wanted });
  } catch (error) {
    fault.value = error as ApiError;
    fieldFaults.value = fieldErrors(fault.value.problem);
    focusFirstWrong(form);
  }
  isBusy.value = false;
}
