import { problems } from '../../consumer/http/problem.ts';

/** docs/problems.md, from the consumers' table of problems. */
export function problemsPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title, meaning }]) => `| \`${code}\` | ${status} | ${title} | ${meaning} |`,
  );
  return `# Problems

Errors are \`application/problem+json\` (RFC 9457).

\`\`\`json
{
  "type": "/problems/not_open",
  "title": "${problems.not_open.title}",
  "status": ${problems.not_open.status},
  "code": "not_open",
  "detail": ${JSON.stringify(problems.not_open.meaning)},
  "instance": "/api/v1/stocks/1001/orders",
  "requestId": "c1d0a4b7",
  "opensAt": "2030-01-02T10:00:00.000Z"
}
\`\`\`

\`code\` and \`type\` are stable: programs decide by them. \`type\` is the address of a page for people, below the address of the API. \`title\` and \`detail\` are for people and can change. \`requestId\` is the
\`X-Request-Id\` of the response and of the log; a cacheable response has none. 429 and 503 have the header
\`Retry-After\`. This page is written by \`npm run generate\` from \`consumer/http/problem.ts\`.

| code | status | title | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
