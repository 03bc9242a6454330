import { problems } from '../../consumer/http/problem.ts';

/** docs/problems.md, from the table that the consumers answer by. */
export function problemsPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title, meaning }]) => `| \`${code}\` | ${status} | ${title} | ${meaning} |`,
  );
  return `# Problems

What a call that could not be done answers with: \`application/problem+json\` (RFC 9457).

\`\`\`json
{
  "type": "/problems/not_open",
  "title": "The sale is not open yet",
  "status": 403,
  "code": "not_open",
  "detail": "\`opensAt\` says when it opens. The same request may be sent again then.",
  "instance": "/api/v1/stocks/1001/orders",
  "requestId": "c1d0a4b7",
  "opensAt": "2030-01-02T10:00:00.000Z"
}
\`\`\`

\`code\` and \`type\` are stable: programs decide by them. \`title\` and \`detail\` are for people and may change. \`requestId\` is the
answer's \`X-Request-Id\`, which our log has too; an answer that a cache may give to others has none. 429 and 503 come with
\`Retry-After\`. This page is written by \`npm run generate\` from \`consumer/http/problem.ts\`.

| code | status | title | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
