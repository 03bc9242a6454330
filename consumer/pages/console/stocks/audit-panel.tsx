import { effect, signal } from '@preact/signals';
import type { ApiError } from '../../call-api.ts';
import { preciseTime } from '../parts/formats.ts';
import { ActionButton, Fault, Panel } from '../parts/panel.tsx';
import { checkText, translate } from '../texts/translate.ts';
import { chosenSid } from './stock-events.ts';
import { type Audit, type AuditCheck, type AuditJob, auditStock, cancelAudit } from './stocks.ts';

type Outcome = Audit & { sid: number; tookMs: number; atMs: number };

const verdict = signal<Outcome | null>(null);
const fault = signal<ApiError | null>(null);
const isBusy = signal(false);
/** The audit that is under way. */
const running = signal<(AuditJob & { sid: number }) | null>(null);
const isCancelled = signal(false);

effect(() => {
  const sid = chosenSid.value;
  fault.value = null;
  isCancelled.value = false;
  if (verdict.peek()?.sid !== sid) verdict.value = null;
});

/** The promises of a stock, checked on its rows. */
export function AuditPanel() {
  const read = verdict.value;
  return (
    <Panel
      title={translate('auditTitle')}
      id="audit-title"
      aside={
        <div class="panel-tools">
          {running.value && <ActionButton onClick={() => void cancel()}>{translate('auditCancel')}</ActionButton>}
          <ActionButton isBusy={isBusy.value} disabled={chosenSid.value === null} onClick={() => void run()}>
            {translate(isBusy.value ? 'auditing' : 'audit')}
          </ActionButton>
        </div>
      }
    >
      <div role="status">
        {running.value && (
          <p class="soft number">
            {translate('auditProgress', {
              sid: running.value.sid,
              done: running.value.checksDone,
              total: running.value.checksTotal,
            })}
          </p>
        )}
        {isCancelled.value && <p>{translate('auditCancelled')}</p>}
        {read && (
          <p class={`verdict ${read.ok ? 'is-good' : 'is-bad'}`}>
            <b>{outcomeText(read)}</b>
            <span class="soft number">
              {translate('auditTook', {
                n: read.checks.length,
                ms: Math.round(read.tookMs),
                at: preciseTime(read.atMs),
              })}
            </span>
          </p>
        )}
      </div>
      {read ? (
        <ul class="checks">
          {read.checks.map(({ name, result, detail }) => (
            <li key={name} class={result === 'broken' ? 'is-broken' : ''}>
              <span class={`state ${LOOKS[result]}`}>{translate(`check_result_${result}`)}</span>
              <span>{checkText(name)}</span>
              <span class="soft number" lang="en">
                {detail}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p class="empty">{translate('auditEmpty')}</p>
      )}
      <Fault error={fault.value} />
    </Panel>
  );
}

const LOOKS = { holds: 'is-good', broken: 'is-bad', left_out: 'is-warn' };

function outcomeText({ checks }: Audit): string {
  const count = (wanted: AuditCheck['result']) => checks.filter(({ result }) => result === wanted).length;
  if (count('broken') > 0) return translate('auditBroken', { n: count('broken') });
  const leftOut = count('left_out');
  return leftOut > 0 ? translate('auditLeftOut', { n: leftOut }) : translate('auditHolds');
}

async function run(): Promise<void> {
  const sid = chosenSid.value;
  if (sid === null || isBusy.value) return;
  isBusy.value = true;
  isCancelled.value = false;
  fault.value = null;
  const startMs = performance.now();
  try {
    const read = await auditStock(sid, (job) => {
      running.value = { ...job, sid };
    });
    if (chosenSid.value === sid && read.state === 'cancelled') isCancelled.value = true;
    else if (chosenSid.value === sid)
      verdict.value = { ...read, sid, tookMs: performance.now() - startMs, atMs: Date.now() };
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
