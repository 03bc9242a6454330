import { escapeHtml } from '../api/escape-html.ts';
import type { Schema } from './openapi-types.ts';
import { renderInline, renderTable } from './render-text.ts';

/** The fields of an object, also those of objects and lists within it: `price.amount`, `payments[].state`. */
export function renderFields(schema: Schema): string {
  const rows = fieldsOf(schema, '');
  return rows.length === 0 ? '' : renderTable('Fields', ['field', 'type', 'meaning'], rows);
}

function fieldsOf(schema: Schema, prefix: string): string[][] {
  const { properties = {}, required = [], items } = withoutNull(schema);
  if (items) return fieldsOf(items, `${prefix}[]`);
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    const optional = required.includes(name) ? '' : ' <small>optional</small>';
    const row = [`<code>${escapeHtml(path)}</code>${optional}`, typeOf(field), meaningOf(field)];
    return [row, ...fieldsOf(field, path)];
  });
}

/** The type as a person reads it, with a link to a named schema. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return linkOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) return values.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' or ');
  const format = schema.format ? ` (${escapeHtml(schema.format)})` : '';
  return [schema.type ?? 'any'].flat().join(' or ') + format;
}

/** Description, limits and default. */
export function meaningOf(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  const parts = [
    schema.description ? renderInline(schema.description) : '',
    rangeOf(minimum, maximum, ''),
    rangeOf(minLength, maxLength, ' characters'),
    rangeOf(minItems, maxItems, ' items'),
    pattern ? `matches <code>${escapeHtml(pattern)}</code>` : '',
    schema.default === undefined ? '' : `default <code>${escapeHtml(JSON.stringify(schema.default))}</code>`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function rangeOf(from: number | undefined, to: number | undefined, unit: string): string {
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `at least ${from}${unit}`;
  return to === undefined ? '' : `at most ${to}${unit}`;
}

export function linkOf(ref: string): string {
  const name = escapeHtml(ref.split('/').at(-1) ?? '');
  return `<a href="#schema-${name}">${name}</a>`;
}

/** An example of the schema, of its own examples where it has them. */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  const [example] = schema.examples ?? [];
  if (example !== undefined) return example;
  if (schema.default !== undefined) return schema.default;
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  const plain = withoutNull(schema);
  if (plain !== schema) return exampleOf(plain, schemas);
  if (schema.enum) return schema.enum[0];
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, exampleOf(field, schemas)]),
    );
  }
  return exampleOfType([schema.type].flat()[0], schema);
}

function exampleOfType(type: string | undefined, { format, minimum = 1 }: Schema): unknown {
  if (type === 'integer' || type === 'number') return minimum;
  if (type === 'boolean') return false;
  if (type === 'object') return {};
  if (type === 'null') return null;
  return format === 'date-time' ? '2030-01-02T10:00:00.000Z' : 'text';
}

/** The schema of an optional value without `or null`. */
function withoutNull(schema: Schema): Schema {
  const [only, ...others] = (schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  return only && others.length === 0 ? only : schema;
}
