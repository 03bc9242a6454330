import { effect } from '@preact/signals';
import { type ComponentChild, render } from 'preact';
// The styles of a page override the design. The build puts those of an imported chunk first, and this module is one: a chunk of styles alone
// would come last.
import './design.css';

/** Draws a page. Its language and title follow the signals that `describe` reads. */
export function mountPage(app: ComponentChild, describe: () => { lang: string; title: string }): void {
  effect(() => {
    const { lang, title } = describe();
    document.documentElement.lang = lang;
    document.title = title;
  });
  render(app, document.getElementById('page') as HTMLElement);
}
