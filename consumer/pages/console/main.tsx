import { effect } from '@preact/signals';
import { render } from 'preact';
import '../design.css';
import './controls.css';
import './console.css';
import './charts.css';
import './lanes.css';
import './forms.css';
import { identity } from '../identity.ts';
import { language } from '../language.ts';
import { followServerClock } from '../server-clock.ts';
import { enter } from './access.ts';
import { App } from './app.tsx';
import { followLive, history } from './live-feed.ts';
import { followChosenStock } from './stock-events.ts';
import { followStocks } from './stocks.ts';
import { say } from './texts.ts';

effect(() => {
  document.documentElement.lang = language.value;
  document.title = say('documentTitle');
});
effect(() => {
  const token = identity.value?.token;
  if (token !== undefined) return followLive(token);
});
followChosenStock(() => history.forget('left'));

render(<App />, document.getElementById('page') as HTMLElement);
void enter();
void followServerClock();
void followStocks();
