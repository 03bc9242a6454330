import type { ReceivedSpan } from './start-trace-receiver.ts';

const WIDTH = 960;
const NAMES_WIDTH = 300;
const ROW = 26;
const TOP = 64;
const BAR = 14;
const RIGHT = 90;
const COLORS: Record<string, string> = { consumer: '#2f6fde', provider: '#c9781d', 'order-worker': '#3b8f4a' };

/** A picture (SVG) of one trace: a row for each span, in the order of its tree, with its process and its time. */
export function drawTrace(spans: ReceivedSpan[], title: string): string {
  const rows = rowsOf(spans);
  const fromMs = Math.min(...spans.map(({ startMs }) => startMs));
  const totalMs = Math.max(...spans.map(({ endMs }) => endMs)) - fromMs;
  const xOf = (ms: number) => NAMES_WIDTH + ((ms - fromMs) / totalMs) * (WIDTH - NAMES_WIDTH - RIGHT);
  const height = TOP + rows.length * ROW + 12;
  const ticks = Array.from({ length: 5 }, (_, i) => fromMs + (totalMs * i) / 4);
  const lines = ticks.map((ms) => {
    const x = xOf(ms).toFixed(1);
    return `<line x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${height - 8}" stroke="#ddd"/><text x="${x}" y="${TOP - 14}" text-anchor="middle" fill="#666">${(ms - fromMs).toFixed(1)} ms</text>`;
  });
  const bars = rows.map(({ span, depth }, i) => {
    const y = TOP + i * ROW;
    const kind = span.service.replace('flash-sale-', '');
    const x = xOf(span.startMs);
    const width = Math.max(2, xOf(span.endMs) - x);
    const tookMs = (span.endMs - span.startMs).toFixed(1);
    return [
      `<text x="${12 + depth * 14}" y="${y + BAR}"><tspan fill="${COLORS[kind] ?? '#333'}">${kind}</tspan> ${escapeXml(span.name)}</text>`,
      `<rect x="${x.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${COLORS[kind] ?? '#333'}"/>`,
      `<text x="${(x + width + 5).toFixed(1)}" y="${y + BAR}" fill="#444">${tookMs} ms</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="22" font-size="14" font-weight="bold" fill="#222">${escapeXml(title)}</text>`,
    ...lines,
    ...bars,
    '</svg>\n',
  ].join('\n');
}

type Row = { span: ReceivedSpan; depth: number };

/** Parents before their children; siblings by their start. */
function rowsOf(spans: ReceivedSpan[]): Row[] {
  const byParent = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId);
  const from = (parentSpanId: string, depth: number): Row[] =>
    (byParent.get(parentSpanId) ?? [])
      .toSorted((a, b) => a.startMs - b.startMs)
      .flatMap((span) => [{ span, depth }, ...from(span.spanId, depth + 1)]);
  return from('', 0);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
