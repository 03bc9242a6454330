import { effect } from '@preact/signals';
import { mountPage } from '../mount-page.ts';
import './styles/controls.css';
import './styles/console.css';
import './styles/charts.css';
import './styles/lanes.css';
import './styles/forms.css';
import './styles/sale.css';
import { identity } from '../identity.ts';
import { language } from '../language.ts';
import { followServerClock } from '../server-clock.ts';
import { App } from './app.tsx';
import { type Experiment, takeExperiment } from './arena/experiments.ts';
import { followLive, history } from './live/live-feed.ts';
import { enter } from './parts/call-admin.ts';
import { followChosenStock } from './stocks/stock-events.ts';
import { followStocks } from './stocks/stocks.ts';
import { translate } from './texts/translate.ts';

effect(() => {
  const token = identity.value?.token;
  if (token !== undefined) return followLive(token, (data) => takeExperiment(data as Experiment));
});
followChosenStock(() => history.forget('left'));

mountPage(<App />, () => ({ lang: language.value, title: translate('documentTitle') }));
void enter();
void followServerClock();
void followStocks();
