import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export type Alarm = {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: 'page' | 'ticket' | 'info' };
  annotations: { summary: string; description: string; runbook_url: string };
};
export type RuleFile = { groups: { name: string; rules: Alarm[] }[] };

/** The files with the alarms, by path. */
export function alarmFiles(): string[] {
  return globSync('*.rules.yaml', { cwd: import.meta.dirname })
    .sort()
    .map((name) => path.join(import.meta.dirname, name));
}

export function readRuleFile(file: string): RuleFile {
  return parse(readFileSync(file, 'utf8')) as RuleFile;
}

/** All alarms. One with two windows is there twice, with different severities. */
export function readAlarms(): Alarm[] {
  return alarmFiles().flatMap((file) => readRuleFile(file).groups.flatMap(({ rules }) => rules));
}
