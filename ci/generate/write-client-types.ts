import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

// Writes the types of the client library from docs/openapi.json; with --check only checks whether they are up to date.
// openapi-typescript needs TypeScript 5, whose compiler TypeScript 7 no longer has.

type Schema = {
  type?: string | string[];
  enum?: (string | null)[];
  anyOf?: Schema[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
};

const api = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const { Order, Stock, Entry } = api.components.schemas as Record<string, Schema>;
const [buyBody] = api.paths['/api/v1/stocks/{sid}/orders'].post.requestBody.content['application/json'].schema.anyOf;

/** The TypeScript type of a schema. */
function typeOf(schema: Schema = {}): string {
  const { type, enum: values, anyOf, properties, items, additionalProperties } = schema;
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (values) return values.map((value) => (value === null ? 'null' : `'${value}'`)).join(' | ');
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one })).join(' | ');
  switch (type) {
    case 'array':
      return `Array<${typeOf(items)}>`;
    case 'object':
      if (isMoney(schema)) return 'Money';
      if (properties) return objectType(schema);
      return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    default:
      return 'unknown';
  }
}

function isMoney({ properties = {} }: Schema): boolean {
  return Object.keys(properties).sort().join() === 'amount,currency';
}

function objectType({ properties = {}, required = [] }: Schema): string {
  const lines = Object.entries(properties).flatMap(([name, property]) => [
    ...(property.description ? [`/** ${property.description} */`] : []),
    `${name}${required.includes(name) ? '' : '?'}: ${typeOf(property)};`,
  ]);
  return `{\n${lines.join('\n').replace(/^/gm, '  ')}\n}`;
}

const text = `// Written by npm run generate from docs/openapi.json.

/** An amount: a whole number in the currency's smallest unit. */
export type Money = { amount: number; currency: string };

/** ${Order?.description ?? ''} */
export type Order = ${typeOf(Order)};

export type OrderState = Order['state'];
export type Payment = Order['payments'][number];

/** ${Stock?.description ?? ''} */
export type Stock = ${typeOf(Stock)};

/** ${Entry?.description ?? ''} */
export type Entry = ${typeOf(Entry)};

/** What a buyer asks for. */
export type BuyBody = ${typeOf(buyBody)};
`;

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const target = new URL('../../consumer/client/api-types.ts', import.meta.url);
if (!values.check) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('consumer/client/api-types.ts is out of date: run npm run generate');
  process.exitCode = 1;
}
