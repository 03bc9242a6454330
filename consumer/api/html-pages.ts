import { createHash } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';

/** Small pages of one site: no script, and one style sheet, which the policy names by its hash. */
export function createHtmlPages(site: string, style: string) {
  const hash = createHash('sha256').update(style).digest('base64');
  return {
    page: (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – ${escapeHtml(site)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`,
    /** The Content-Security-Policy of a page. `formAction`: sources to which its forms may be sent. */
    policy: (formAction = "'none'") =>
      `default-src 'none'; style-src 'sha256-${hash}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
  };
}
