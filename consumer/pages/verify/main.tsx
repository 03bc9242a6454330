import { mountPage } from '../mount-page.ts';
import './verify.css';
import { App } from './app.tsx';
import { language, say } from './verify-texts.ts';

mountPage(<App />, () => ({ lang: language.value, title: say('title') }));
