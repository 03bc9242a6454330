/**
 * The alarm that a fault must raise (`or`: on a slow machine another one may be the first), or why it raises none. With `isQuiet` an alarm
 * exceeds the bounds of the fault. Otherwise alarms beside the expected one are only reported.
 */
export type ExpectedAlarm = { name: string; or?: string } | { none: string; isQuiet?: boolean };
