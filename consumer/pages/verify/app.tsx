import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DrawCheck } from '../../../proto/draws/verify/draw-check.ts';
import { language, nameCheck, say, VERIFY_LANGUAGES, type VerifyLanguage } from './verify-texts.ts';
import type { VerifyAnswer, VerifyRequest } from './verify-worker.ts';

type Slot = 'file' | 'seen' | 'ticket';
type Progress = { kind: 'idle' } | { kind: 'checking' } | { kind: 'answered'; answer: VerifyAnswer };

const files = signal<Partial<Record<Slot, File>>>({});
const progress = signal<Progress>({ kind: 'idle' });

// It is loaded with the page, so that checking works offline.
const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
worker.addEventListener('message', ({ data }: MessageEvent<VerifyAnswer>) => {
  progress.value = { kind: 'answered', answer: data };
});

function check(): void {
  const { file, seen, ticket } = files.value;
  if (!file) return;
  const request: VerifyRequest = { file, language: language.value };
  if (seen) request.seen = seen;
  if (ticket) request.ticket = ticket;
  progress.value = { kind: 'checking' };
  worker.postMessage(request);
}

export function App(): JSX.Element {
  return (
    <main>
      <header>
        <h1>{say('title')}</h1>
        <LanguageChoice />
      </header>
      <p>{say('intro')}</p>
      <p class="soft">{say('trust')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <FileChoice slot="file" label={say('fileLabel')} />
        <FileChoice slot="seen" label={say('seenLabel')} />
        <FileChoice slot="ticket" label={say('ticketLabel')} />
        <button type="submit" disabled={progress.value.kind === 'checking'}>
          {say('check')}
        </button>
      </form>
      <div role="status">
        <Outcome />
      </div>
    </main>
  );
}

function LanguageChoice(): JSX.Element {
  return (
    <select
      aria-label={say('language')}
      value={language.value}
      onChange={({ currentTarget }) => {
        language.value = currentTarget.value as VerifyLanguage;
        // The sentences of the checks come from the worker.
        if (progress.value.kind === 'answered') check();
      }}
    >
      {Object.entries(VERIFY_LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

function FileChoice({ slot, label }: { slot: Slot; label: string }): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input
        type="file"
        required={slot === 'file'}
        onChange={({ currentTarget }) => {
          const chosen = Object.assign({}, files.value);
          const file = currentTarget.files?.[0];
          if (file) chosen[slot] = file;
          else delete chosen[slot];
          files.value = chosen;
          progress.value = { kind: 'idle' };
        }}
      />
    </label>
  );
}

function Outcome(): JSX.Element | null {
  const now = progress.value;
  if (now.kind === 'idle') return null;
  if (now.kind === 'checking') return <p>{say('checking')}</p>;
  const { answer } = now;
  if ('unread' in answer) return <p class="outcome is-failed">{say('unread', answer.unread)}</p>;
  const warned = answer.checks.some(({ warning }) => warning);
  const state = !answer.ok ? 'failed' : warned ? 'warning' : 'ok';
  return (
    <>
      <p class={`outcome is-${state}`}>{say(state === 'failed' ? 'fails' : warned ? 'holdsBut' : 'holds')}</p>
      <ul class="checks">
        {[...answer.checks].sort(byWeight).map((item) => (
          <Check key={item.name} item={item} />
        ))}
      </ul>
    </>
  );
}

/** What failed comes first, then warnings. */
function byWeight(a: DrawCheck, b: DrawCheck): number {
  const weight = ({ ok, warning }: DrawCheck) => (ok ? (warning ? 1 : 2) : 0);
  return weight(a) - weight(b);
}

function Check({ item }: { item: DrawCheck }): JSX.Element {
  const state = item.warning ? 'warning' : item.ok ? 'ok' : 'failed';
  return (
    <li class={`is-${state}`} data-check={item.name}>
      <h2>
        {nameCheck(item.name)} <span>{say(state)}</span>
      </h2>
      <p>{item.detail}</p>
    </li>
  );
}
