import { effect, signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { preciseTime } from '../parts/formats.ts';
import { Fault, Panel } from '../parts/panel.tsx';
import { checkText, translate } from '../texts/translate.ts';
import { type Audit, type AuditCheck, auditStock, cancelAudit } from './audits.ts';
import { chosenSid } from './stock-events.ts';

type Outcome = Audit & { tookMs: number; atMs: number };

const outcome = signal<Outcome | null>(null);
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
const running = signal<Audit | null>(null);
const isCancelled = signal(false);

effect(() => {
  const sid = chosenSid.value;
  fault.value = null;
  isCancelled.value = false;
  if (outcome.peek()?.sid !== sid) outcome.value = null;
});

/** Runs the audit of the chosen stock and shows its checks. */
export function AuditPanel() {
  const last = outcome.value;
  const job = running.value;
  return (
    <Panel
      title={translate('auditTitle')}
      id="audit-title"
      aside={
        <div class="panel-tools">
          {job && <ActionButton onClick={() => void cancel()}>{translate('auditCancel')}</ActionButton>}
          <ActionButton isBusy={isBusy.value} disabled={chosenSid.value === null} onClick={() => void run()}>
            {translate(isBusy.value ? 'auditing' : 'audit')}
          </ActionButton>
        </div>
      }
    >
      <div role="status">
        {job && (
          <p class="soft number">
            {translate('auditProgress', { sid: job.sid, done: job.checksDone, total: job.checksTotal })}
          </p>
        )}
        {isCancelled.value && <p>{translate('auditCancelled')}</p>}
        {last && (
          <p class={`outcome ${last.ok ? 'is-good' : 'is-bad'}`}>
            <b>{outcomeText(last)}</b>
            <span class="soft number">
              {translate('auditTook', {
                n: last.checks.length,
                ms: Math.round(last.tookMs),
                at: preciseTime(last.atMs),
              })}
            </span>
          </p>
        )}
      </div>
      {last ? <Checks checks={last.checks} /> : <p class="empty">{translate('auditEmpty')}</p>}
      <Fault error={fault.value} />
    </Panel>
  );
}

const CLASSES = { holds: 'is-good', broken: 'is-bad', left_out: 'is-warn' };

function Checks({ checks }: { checks: AuditCheck[] }) {
  return (
    <ul class="checks">
      {checks.map(({ name, result, detail }) => (
        <li key={name} class={result === 'broken' ? 'is-broken' : ''}>
          <span class={`state ${CLASSES[result]}`}>{translate(`check_result_${result}`)}</span>
          <span>{checkText(name)}</span>
          <span class="soft number" lang="en">
            {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}

function outcomeText({ checks }: Audit): string {
  const count = (wanted: AuditCheck['result']) => checks.filter(({ result }) => result === wanted).length;
  if (count('broken') > 0) return translate('auditBroken', { n: count('broken') });
  const notChecked = count('left_out');
  return notChecked > 0 ? translate('auditLeftOut', { n: notChecked }) : translate('auditHolds');
}

async function run(): Promise<void> {
  const sid = chosenSid.value;
  if (sid === null || isBusy.value) return;
  isBusy.value = true;
  isCancelled.value = false;
  fault.value = null;
  const startMs = performance.now();
  try {
    const audit = await auditStock(sid, (job) => {
      running.value = job;
    });
    if (chosenSid.value === sid && audit.state === 'cancelled') isCancelled.value = true;
    else if (chosenSid.value === sid)
      outcome.value = { ...audit, tookMs: performance.now() - startMs, atMs: Date.now() };
  } catch (error) {
    if (chosenSid.value === sid) fault.value = error as ApiError;
  }
  running.value = null;
  isBusy.value = false;
}

async function cancel(): Promise<void> {
  if (running.value === null) return;
  try {
    await cancelAudit(running.value.sid);
  } catch (error) {
    fault.value = error as ApiError;
  }
}
