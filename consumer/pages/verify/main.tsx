import { effect } from '@preact/signals';
import { render } from 'preact';
import '../design.css';
import './verify.css';
import { App } from './app.tsx';
import { language, say } from './verify-texts.ts';

effect(() => {
  document.documentElement.lang = language.value;
  document.title = say('title');
});

render(<App />, document.getElementById('page') as HTMLElement);
