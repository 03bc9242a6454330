import { escapeHtml } from '../api/escape-html.ts';
import type { Media, OpenApi, Operation, Parameter, Response } from './openapi-types.ts';
import { exampleOf, meaningOf, renderFields, typeOf } from './render-schema.ts';
import { renderInline, renderParagraphs, renderTable } from './render-text.ts';

const PROBLEM = 'application/problem+json';

/** One operation: what it does, how it is called, and its answers. */
export function renderOperation(document: OpenApi, method: string, path: string, operation: Operation): string {
  const { operationId, summary, description, security, parameters = [], requestBody } = operation;
  const rows = parameters.map(({ name, in: place, required, schema, description: meaning = '' }) => [
    `<code>${escapeHtml(name)}</code>${required ? '' : ' <small>optional</small>'}`,
    escapeHtml(place),
    typeOf(schema),
    meaningOf(Object.assign({}, schema, { description: meaning })),
  ]);
  return [
    `<article id="${operationId}">`,
    `<h3><a href="#${operationId}">${escapeHtml(summary)}</a></h3>`,
    `<p class="call"><strong>${method.toUpperCase()}</strong> <code>${escapeHtml(path)}</code></p>`,
    renderParagraphs(description),
    security.length > 0 ? '<p>Needs a token: <code>Authorization: Bearer …</code></p>' : '',
    rows.length > 0 ? renderTable('Parameters', ['name', 'in', 'type', 'meaning'], rows) : '',
    requestBody ? renderBody(requestBody) : '',
    `<pre>${escapeHtml(curlOf(document, method, path, operation))}</pre>`,
    renderResponses(document, operation),
    '</article>',
  ].join('\n');
}

function renderBody({ required, content }: NonNullable<Operation['requestBody']>): string {
  return Object.entries(content)
    .map(([type, { schema = {} }]) => {
      const optional = required === false ? ' <small>optional</small>' : '';
      const named = schema.$ref ? `<p>${typeOf(schema)}</p>` : renderFields(schema);
      return `<h4>Body: ${escapeHtml(type)}${optional}</h4>${named}`;
    })
    .join('');
}

function renderResponses({ components }: OpenApi, { responses }: Operation): string {
  const resolved = Object.entries(responses).map(([status, response]): [string, Response] => [
    status,
    response.$ref ? (components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {}) : response,
  ]);
  const rows = resolved.map(([status, response]) => [status, describeResponse(response)]);
  const inline = resolved.flatMap(([status, { content = {} }]) =>
    Object.entries(content)
      .filter(([type, { schema }]) => type !== PROBLEM && schema && !schema.$ref)
      .map(([, { schema = {} }]) => [status, renderFields(schema)] as const)
      .filter(([, fields]) => fields !== ''),
  );
  const details = inline.map(
    ([status, fields]) => `<details><summary>Fields of the ${status} answer</summary>${fields}</details>`,
  );
  return renderTable('Answers', ['status', 'meaning'], rows) + details.join('');
}

function describeResponse({ description = '', headers = {}, content = {} }: Response): string {
  const codes = Object.keys(content[PROBLEM]?.examples ?? {});
  if (codes.length > 0) {
    return codes.map((code) => `<a href="/problems/${code}"><code>${code}</code></a>`).join(', ');
  }
  const schemas = Object.values(content).map(({ schema = {} }) => typeOf(schema));
  const names = Object.entries(headers).map(
    ([name, { description: meaning = '' }]) => `<code>${escapeHtml(name)}</code>: ${renderInline(meaning)}`,
  );
  return [renderInline(description), ...schemas, ...names].filter((part) => part !== '').join('<br>');
}

/** A call that can be pasted into a shell. */
function curlOf({ components }: OpenApi, method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, security } = operation;
  const example = (schema: object) => exampleOf(schema, components.schemas);
  const givenOf = ({ schema, example: given = example(schema) }: Parameter) => encodeURIComponent(String(given));
  const address = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, parameter) => text.replace(`{${parameter.name}}`, givenOf(parameter)), path);
  const query = parameters
    .filter(({ in: place, required }) => place === 'query' && required)
    .map((parameter) => `${parameter.name}=${givenOf(parameter)}`);
  const body = bodyOf(requestBody?.content ?? {}, example);
  return [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"$URL${address}${query.length ? `?${query.join('&')}` : ''}"`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body)}'`]),
  ].join(' \\\n  ');
}

function bodyOf(content: Media, example: (schema: object) => unknown): unknown {
  const schema = content['application/json']?.schema;
  return schema && example(schema);
}
