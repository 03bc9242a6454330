import { escapeHtml } from '../api/escape-html.ts';
import type { OpenApi } from './openapi-types.ts';
import { renderOperation } from './render-operation.ts';
import { exampleOf, renderFields } from './render-schema.ts';
import { renderInline, renderParagraphs } from './render-text.ts';

/** The page of the API, as HTML without scripts. */
export function renderReference(document: OpenApi): string {
  const { info, tags } = document;
  const groups = tags.map(({ name, description }) => ({ name, description, operations: operationsOf(document, name) }));
  const used = groups.filter(({ operations }) => operations.length > 0);
  const links = used.map(
    ({ name, operations }) =>
      `<li><a href="#tag-${name}">${name}</a><ul>${operations
        .map(
          ({ operation: { operationId, summary } }) => `<li><a href="#${operationId}">${escapeHtml(summary)}</a></li>`,
        )
        .join('')}</ul></li>`,
  );
  const sections = used.map(
    ({
      name,
      description,
      operations,
    }) => `<section id="tag-${name}"><h2>${name}</h2><p>${renderInline(description)}</p>
${operations.map(({ method, path, operation }) => renderOperation(document, method, path, operation)).join('\n')}
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)}: HTTP API</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#operations">Skip the table of contents</a>
<header>
<h1>${escapeHtml(info.title)}: HTTP API</h1>
<p>Version ${escapeHtml(info.version)}. <a href="/api/v1/openapi.json">OpenAPI document</a>, <a href="/">shop</a></p>
${renderParagraphs(info.description)}
</header>
<nav aria-label="Contents"><ul>${links.join('')}<li><a href="#schemas">schemas</a></li></ul></nav>
<main id="operations" tabindex="-1">
${sections.join('\n')}
${schemasOf(document)}
</main>
</body>
</html>
`;
}

function operationsOf({ paths }: OpenApi, tag: string) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags[0] === tag)
      .map(([method, operation]) => ({ method, path, operation })),
  );
}

function schemasOf({ components: { schemas } }: OpenApi): string {
  const parts = Object.entries(schemas).map(
    ([name, schema]) => `<article id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>
${renderParagraphs(schema.description)}${renderFields(schema)}
<pre>${escapeHtml(JSON.stringify(exampleOf(schema, schemas), null, 2))}</pre></article>`,
  );
  return `<section id="schemas"><h2>schemas</h2>${parts.join('\n')}</section>`;
}
