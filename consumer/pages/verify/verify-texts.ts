import { signal } from '@preact/signals';
import type { DrawCheckName } from '../../../proto/draws/verify/draw-check.ts';

/** This page has one language more than the others: who checks a draw need not be a customer. */
export const VERIFY_LANGUAGES = { en: 'English', de: 'Deutsch', 'zh-CN': '简体中文' } as const;
export type VerifyLanguage = keyof typeof VERIFY_LANGUAGES;

export const language = signal<VerifyLanguage>(firstLanguage());

function firstLanguage(): VerifyLanguage {
  const wanted = navigator.language.toLowerCase();
  if (wanted.startsWith('de')) return 'de';
  return wanted.startsWith('zh') ? 'zh-CN' : 'en';
}

type Text = Record<VerifyLanguage, string>;

const texts = {
  title: { en: 'Check a draw', de: 'Eine Verlosung prüfen', 'zh-CN': '检查抽签' },
  intro: {
    en: 'This page recomputes a draw from its public file. It runs in your browser, sends nothing, and also works offline once it is open.',
    de: 'Diese Seite rechnet eine Verlosung aus ihrer öffentlichen Datei nach. Sie läuft in Ihrem Browser, sendet nichts und arbeitet, einmal geöffnet, auch ohne Netz.',
    'zh-CN': '本页根据公开文件重新计算抽签结果。它在您的浏览器中运行，不发送任何数据，打开后断网也能使用。',
  },
  trust: {
    en: 'The shop delivers this page. If you do not trust it, use the same check from the source code, or the second program in Python.',
    de: 'Diese Seite kommt vom Shop. Wenn Sie ihm nicht trauen, nutzen Sie dieselbe Prüfung aus dem Quelltext oder das zweite Programm in Python.',
    'zh-CN': '本页由商家提供。如果您不信任它，请使用源代码中的同一检查，或 Python 编写的第二个程序。',
  },
  language: { en: 'Language', de: 'Sprache', 'zh-CN': '语言' },
  fileLabel: { en: 'Public file of the draw', de: 'Öffentliche Datei der Verlosung', 'zh-CN': '抽签的公开文件' },
  seenLabel: {
    en: 'Statement or file that you saved before (optional)',
    de: 'Erklärung oder Datei, die Sie vorher gespeichert haben (freiwillig)',
    'zh-CN': '您之前保存的声明或文件（可选）',
  },
  ticketLabel: { en: 'Your ticket (optional)', de: 'Ihr Beleg (freiwillig)', 'zh-CN': '您的凭证（可选）' },
  check: { en: 'Check', de: 'Prüfen', 'zh-CN': '检查' },
  checking: { en: 'Checking …', de: 'Wird geprüft …', 'zh-CN': '正在检查……' },
  holds: { en: 'The file holds.', de: 'Die Datei stimmt.', 'zh-CN': '文件有效。' },
  holdsBut: {
    en: 'The file holds; read the warnings.',
    de: 'Die Datei stimmt; lesen Sie die Hinweise.',
    'zh-CN': '文件有效；请阅读提示。',
  },
  fails: { en: 'The file does not hold.', de: 'Die Datei stimmt nicht.', 'zh-CN': '文件无效。' },
  unread: { en: 'This cannot be read: {what}', de: 'Das ist nicht lesbar: {what}', 'zh-CN': '无法读取：{what}' },
  ok: { en: 'holds', de: 'stimmt', 'zh-CN': '通过' },
  warning: { en: 'warning', de: 'Hinweis', 'zh-CN': '提示' },
  failed: { en: 'fails', de: 'stimmt nicht', 'zh-CN': '未通过' },
} satisfies Record<string, Text>;

const checkNames: Record<DrawCheckName, Text> = {
  file: { en: 'File', de: 'Datei', 'zh-CN': '文件' },
  rules: { en: 'Rules', de: 'Regeln', 'zh-CN': '规则' },
  seed: { en: 'Seed', de: 'Startwert', 'zh-CN': '种子' },
  statement: { en: 'Statement', de: 'Erklärung', 'zh-CN': '声明' },
  entries: { en: 'Entries', de: 'Teilnahmen', 'zh-CN': '报名' },
  left: { en: 'Left', de: 'Ausgetreten', 'zh-CN': '退出' },
  beacon: { en: 'Beacon', de: 'Zufallsquelle', 'zh-CN': '随机信标' },
  attempts: { en: 'Void attempts', de: 'Ungültige Versuche', 'zh-CN': '作废的抽签' },
  seen: { en: 'Seen before', de: 'Vorher gesehen', 'zh-CN': '之前见过的' },
  ticket: { en: 'Your entry', de: 'Ihre Teilnahme', 'zh-CN': '您的报名' },
  places: { en: 'Places', de: 'Plätze', 'zh-CN': '名次' },
};

/** A text of the page. */
export function say(name: keyof typeof texts, what = ''): string {
  return texts[name][language.value].replace('{what}', what);
}

/** The heading of a check. */
export function nameCheck(name: DrawCheckName): string {
  return checkNames[name][language.value];
}
