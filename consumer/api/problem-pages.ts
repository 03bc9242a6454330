import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem, type ProblemCode, problems } from '../http/problem.ts';
import { escapeHtml } from './escape-html.ts';
import { createHtmlPages } from './html-pages.ts';

const STYLE = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{margin:0;padding:1rem}
main{max-width:38rem;margin:2rem auto;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
dd{margin:0}
a:focus-visible{outline:3px solid;outline-offset:2px}`;
const { page, policy } = createHtmlPages('Flash sale API', STYLE);

/** GET /problems and GET /problems/{code}: the pages that the `type` of a problem names. Written once, at the start. */
export async function problemPages(app: FastifyInstance): Promise<void> {
  const codes = Object.keys(problems) as ProblemCode[];
  const pages = new Map(codes.map((code) => [code as string, problemPage(code)]));
  const list = listPage(codes);
  app.get('/problems', hidden, async (_request, reply) => answer(reply, list));
  app.get<{ Params: { code: string } }>('/problems/:code', hidden, async (request, reply) => {
    const known = pages.get(request.params.code);
    if (known === undefined) throw new Problem('not_found');
    return answer(reply, known);
  });
}

/** Not part of the API. */
const hidden = { schema: { hide: true } };

function answer(reply: FastifyReply, text: string): string {
  reply.type('text/html; charset=utf-8');
  reply.headers({ 'content-security-policy': policy(), 'cache-control': 'public, max-age=3600' });
  return text;
}

function problemPage(code: ProblemCode): string {
  const { status, title, meaning } = problems[code];
  return page(
    title,
    `<p>${withCode(meaning)}</p>
<dl>
<dt>code</dt><dd><code>${code}</code></dd>
<dt>status</dt><dd>${status}</dd>
</dl>
<p><a href="/problems">All problems</a></p>`,
  );
}

function listPage(codes: ProblemCode[]): string {
  const rows = codes.map(
    (code) =>
      `<dt><a href="/problems/${code}"><code>${code}</code></a></dt><dd>${escapeHtml(problems[code].title)}</dd>`,
  );
  return page('Problems', `<dl>\n${rows.join('\n')}\n</dl>`);
}

/** Names in backquotes become code. */
function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
