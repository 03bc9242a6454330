/** Changes that break code from before the migration. `DROP INDEX` only makes it slower. */
const breaking: [what: string, pattern: RegExp][] = [
  ['drops a column or table', /\bDROP\s+(?!INDEX\b|KEY\b)(?:\w+\s+)?[`\w]+/i],
  ['renames a column or table', /\bRENAME\s+(?!INDEX\b|KEY\b)[`\w]+(?:\s+[`\w]+)?/i],
  ['changes a column', /\b(?:MODIFY|CHANGE)\s+(?:COLUMN\s+)?[`\w]+|\bALTER\s+COLUMN\s+[`\w]+/i],
  [
    'adds a rule that old rows or old inserts may violate',
    /\bADD\s+(?:CONSTRAINT\b|UNIQUE\b|CHECK\b|FOREIGN\b|PRIMARY\b)/i,
  ],
  ['deletes rows', /\b(?:TRUNCATE\s+TABLE|DELETE\s+FROM)\s+[`\w]+/i],
  [
    'uses a builder call that changes or drops',
    /\.(?:drop(?!Index|TableIfExists\b)\w*|rename(?!Index)\w*|alter|setNullable|dropNullable|truncate|del|delete|unique)\s*\(/,
  ],
];

const NOT_NULL_COLUMN =
  /\bADD\s+(?:COLUMN\s+)?(?!INDEX\b|KEY\b|UNIQUE\b)[`\w]+\s+[^,]*?\bNOT\s+NULL\b(?![^,]*\bDEFAULT\b)/gi;
const HAS_DEFAULT = /\bDEFAULT\b|\bAUTO_INCREMENT\b|\bGENERATED\b/i;

/**
 * Finds changes in `up` of a migration that break processes of the previous release, because both run in parallel during a release.
 * A file with `export const compatible = 'reason'` passes.
 */
export function findBreakingChanges(source: string): string[] {
  const text = source
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/^\s*\/\/.*$/gm, ' ')
    .replace(/\bCOMMENT\s+'(?:[^']|'')*'/gi, ' ');
  if (/\bexport\s+const\s+compatible\s*(?::\s*\w+\s*)?=\s*(?!false\b)\S/.test(text)) return [];
  const from = text.search(/\bup\b\s*[(:=]/);
  const behind = text.slice(Math.max(0, from)).search(/\bexport\s+(?:async\s+)?(?:function|const)\s+down\b/);
  const up = text.slice(Math.max(0, from), behind < 0 ? undefined : Math.max(0, from) + behind);
  const found = breaking.flatMap(([what, pattern]) => {
    const match = pattern.exec(up)?.[0];
    return match === undefined ? [] : [`${what}: ${match.replace(/\s+/g, ' ').trim()}`];
  });
  for (const [column] of up.matchAll(NOT_NULL_COLUMN)) {
    if (!HAS_DEFAULT.test(column)) found.push(`adds a column without a default: ${column.replace(/\s+/g, ' ')}`);
  }
  return found;
}
