import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { acceptToken, identity, signInError, signOut } from '../identity.ts';
import { chooseLanguage, LANGUAGES, type Language, language } from '../language.ts';
import { lazyPart } from '../lazy-part.tsx';
import { ActionsPanel } from './actions-panel.tsx';
import { DrawPanel } from './draws/draw-panel.tsx';
import { Figures } from './live/figures.tsx';
import { Lag } from './live/lag.tsx';
import { Latency } from './live/latency.tsx';
import { link, receivedMs } from './live/live-feed.ts';
import { Processes } from './live/processes.tsx';
import { RequestFunnel } from './live/request-funnel.tsx';
import { TimeChart } from './live/time-chart.tsx';
import { followOrders, OrdersPanel } from './orders/orders-panel.tsx';
import { TraceView } from './orders/trace-view.tsx';
import { enter, isEntering, refusal } from './parts/call-admin.ts';
import { clockTime } from './parts/formats.ts';
import { SYSTEM_VIEWS, VIEWS, type View, view } from './parts/view.ts';
import { SaleView } from './sale/sale-view.tsx';
import { AuditPanel } from './stocks/audit-panel.tsx';
import { StockDetail } from './stocks/stock-detail.tsx';
import { StockForm } from './stocks/stock-form.tsx';
import { StockList } from './stocks/stock-list.tsx';
import { translate } from './texts/translate.ts';

const Arena = lazyPart(
  async () => (await import('./arena/arena.tsx')).Arena,
  () => <p role="status">{translate('loading')}</p>,
);

export function App() {
  return (
    <>
      <Head />
      <main id="main">{identity.value ? <Views /> : <Gate />}</main>
    </>
  );
}

function Head() {
  return (
    <header class="head">
      <h1>{translate('title')}</h1>
      {identity.value && <Nav />}
      <div class="head-end">
        {identity.value && <Link />}
        {identity.value && (
          <span class="user">
            <span class="hidden-text">{translate('user')} </span>
            <span class="user-name">{identity.value.buyer}</span>
            <button type="button" class="quiet" onClick={() => signOut('admin')}>
              {translate('signOut')}
            </button>
          </span>
        )}
        <label for="language" class="hidden-text">
          {translate('language')}
        </label>
        <select
          id="language"
          value={language.value}
          onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([name, text]) => (
            <option key={name} value={name} lang={name}>
              {text}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}

function Nav() {
  return (
    <nav aria-label={translate('views')}>
      {VIEWS.filter((name) => name === 'live' || !SYSTEM_VIEWS.includes(name)).map((name) => (
        <a key={name} href={`#${name}`} aria-current={isOpen(name) ? 'page' : undefined}>
          {translate(`view_${name}`)}
        </a>
      ))}
    </nav>
  );
}

/** The tab System is open with each of its views. */
function isOpen(name: View): boolean {
  const open = view.value.name;
  return name === open || (name === 'live' && SYSTEM_VIEWS.includes(open));
}

/** The views of the tab System. */
function SystemNav() {
  return (
    <nav class="sub-nav" aria-label={translate('systemViews')}>
      {SYSTEM_VIEWS.map((name) => (
        <a key={name} href={`#${name}`} aria-current={view.value.name === name ? 'page' : undefined}>
          {translate(name === 'live' ? 'view_figures' : 'view_arena')}
        </a>
      ))}
    </nav>
  );
}

/** The state of the connection; if it is lost, the time of the displayed figures. */
function Link() {
  const state = link.value;
  const since = receivedMs.value;
  return (
    <span class={`link is-${state}`} role="status">
      {state === 'lost' && since !== null
        ? translate('linkLost', { at: clockTime(since) })
        : translate(`link_${state}`)}
    </span>
  );
}

function Views() {
  const { name, rest } = view.value;
  return (
    <div class={link.value === 'lost' ? 'is-stale' : ''}>
      {SYSTEM_VIEWS.includes(name) && <SystemNav />}
      {SYSTEM_VIEWS.includes(name) && <Figures />}
      {name === 'sale' && <SaleView wanted={rest} />}
      {name === 'live' && (
        <div class="view live">
          <TimeChart />
          <RequestFunnel />
          <Latency />
          <Lag />
          <Processes />
        </div>
      )}
      {name === 'stocks' && <Stocks />}
      {name === 'arena' && <Arena />}
      {name === 'actions' && (
        <div class="view">
          <ActionsPanel wanted={rest} />
        </div>
      )}
      {name === 'trace' && <TraceView wanted={rest} />}
    </div>
  );
}

function Stocks() {
  useEffect(() => followOrders(), []);
  return (
    <div class="view stocks-view">
      <StockList />
      <div class="column">
        <StockDetail />
        <DrawPanel />
        <AuditPanel />
        <OrdersPanel />
      </div>
      <StockForm />
    </div>
  );
}

/** Asks for an administrator's token. */
function Gate() {
  const token = useSignal('');
  const isWrong = useSignal(false);
  const reason = refusal.value;
  if (isEntering.value) return <p class="gate">{translate('signingIn')}</p>;
  const accept = (event: Event) => {
    event.preventDefault();
    refusal.value = null;
    isWrong.value = !acceptToken('admin', token.value.trim());
  };
  return (
    <section class="gate panel" aria-labelledby="gate-title">
      <h2 id="gate-title">{translate('gateTitle')}</h2>
      <p>
        {translate(
          reason ? `gate_${reason}` : signInError.value === 'unavailable' ? 'gate_unavailable' : 'gate_needed',
        )}
      </p>
      <form class="form" noValidate onSubmit={accept}>
        <div class="field span-2">
          <label for="token">{translate('token')}</label>
          <textarea
            id="token"
            rows={4}
            class="mono"
            spellcheck={false}
            autocomplete="off"
            aria-invalid={isWrong.value || undefined}
            aria-describedby={isWrong.value ? 'token-error' : undefined}
            value={token.value}
            onInput={(event) => {
              token.value = event.currentTarget.value;
            }}
          />
          {isWrong.value && (
            <span class="wrong" id="token-error">
              {translate('tokenWrong')}
            </span>
          )}
        </div>
        <div class="form-end">
          <button type="submit" class="primary">
            {translate('acceptToken')}
          </button>
          <button
            type="button"
            onClick={() => {
              refusal.value = null;
              void enter();
            }}
          >
            {translate('requestToken')}
          </button>
        </div>
      </form>
    </section>
  );
}
