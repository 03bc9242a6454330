import type { AlarmCase } from './cases/alarm-case.ts';
import { processCases } from './cases/process-cases.ts';
import { serverCases } from './cases/server-cases.ts';
import { promiseCases, symptomCases } from './cases/symptom-cases.ts';
import { workCases } from './cases/work-cases.ts';

/** At least one case for each alarm. */
export const alarmCases: AlarmCase[] = [
  ...promiseCases,
  ...symptomCases,
  ...processCases,
  ...serverCases,
  ...workCases,
];
