import { groupCpu } from './bench-table.ts';
import type { BenchResult } from './run-bench.ts';
import type { Figure } from './summarize-rounds.ts';

const WIDTH = 760;
const ROW = 30;
const LABEL = 190;
const SCALE = WIDTH - LABEL - 110;
// Of Okabe and Ito: told apart by everybody, in print too.
const COLOURS = ['#999999', '#56b4e9', '#d0d0d0', '#0072b2', '#009e73', '#e69f00', '#cc79a7', '#d55e00', '#f0e442'];

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
const number = (value: number) => value.toLocaleString('en-GB');

type Bar = { label: string; value: number; text: string; colour?: string; whisker?: [number, number] };

/** Horizontal bars from 0, each with its figure behind it, and where there is one the spread as a line. */
function bars(list: Bar[]): string {
  const most = Math.max(...list.map(({ value, whisker }) => Math.max(value, whisker?.[1] ?? 0)), 1e-9);
  const x = (value: number) => LABEL + (value / most) * SCALE;
  const rows = list.map(({ label, value, text, colour = COLOURS[3], whisker }, i) => {
    const y = i * ROW;
    const end = Math.max(x(value), whisker ? x(whisker[1]) : 0);
    const line = whisker
      ? `<line x1="${x(whisker[0])}" x2="${x(whisker[1])}" y1="${y + 13}" y2="${y + 13}" class="spread"/>`
      : '';
    return `<text x="${LABEL - 10}" y="${y + 18}" text-anchor="end">${escapeHtml(label)}</text>
<rect x="${LABEL}" y="${y + 4}" width="${x(value) - LABEL}" height="18" fill="${colour}"/>${line}
<text x="${end + 8}" y="${y + 18}">${escapeHtml(text)}</text>`;
  });
  return svg(list.length * ROW, rows.join('\n'));
}

/** What each request costs whom: one bar a row, its parts in the sequence of the legend. */
function stackedBars(rows: { label: string; parts: Record<string, number> }[]): string {
  const sums = rows.map(({ parts }) => Object.values(parts).reduce((a, b) => a + b, 0));
  const most = Math.max(...sums, 1e-9);
  const groups = Object.keys(rows[0]?.parts ?? {});
  const drawn = rows.map(({ label, parts }, i) => {
    let at = LABEL;
    const pieces = groups.map((group, colour) => {
      const width = ((parts[group] ?? 0) / most) * SCALE;
      const piece = `<rect x="${at}" y="${i * ROW + 4}" width="${width}" height="18" fill="${COLOURS[colour]}"><title>${escapeHtml(group)} ${number(parts[group] ?? 0)} µs</title></rect>`;
      at += width;
      return piece;
    });
    return `<text x="${LABEL - 10}" y="${i * ROW + 18}" text-anchor="end">${escapeHtml(label)}</text>${pieces.join('')}
<text x="${at + 8}" y="${i * ROW + 18}">${number(sums[i] ?? 0)} µs</text>`;
  });
  const legend = groups
    .map((group, i) => `<span><i style="background:${COLOURS[i]}"></i>${escapeHtml(group)}</span>`)
    .join('');
  return `${svg(rows.length * ROW, drawn.join('\n'))}<p class="legend">${legend}</p>`;
}

const svg = (height: number, content: string) =>
  `<div class="plot"><svg viewBox="0 0 ${WIDTH} ${height}">${content}</svg></div>`;

/** One page that needs nothing but itself. */
export function benchReport(result: BenchResult): string {
  const { environment, bare, confirmed, accepted, soldOut, soldOutUncached, reads, strategies, openLoop, audit } =
    result;
  const figures: [string, Figure][] = [
    ...Object.entries({ bare, confirmed, accepted, soldOut, soldOutUncached, reads }),
    ...strategies.map((one) => [one.rung, one] as [string, Figure]),
  ];
  const colourOf = (name: string) => (name === 'bare' ? COLOURS[0] : name in result ? COLOURS[3] : COLOURS[5]);
  const speed = bars(
    figures.map(([name, { perSecond, ratio, ratioFrom, ratioTo }]) => {
      const unit = perSecond / (ratio || 1);
      return {
        label: name,
        value: perSecond,
        text: `${number(perSecond)} · ${ratio.toFixed(2)}`,
        colour: colourOf(name) ?? '#000',
        whisker: [ratioFrom * unit, ratioTo * unit] as [number, number],
      };
    }),
  );
  const cost = stackedBars(
    figures.map(([label, { cpuUsPerRequest }]) => ({ label, parts: groupCpu(cpuUsPerRequest) })),
  );
  const latency = bars(
    openLoop.map(({ share, perSecond, p50Ms, p99Ms }) => ({
      label: `${share * 100} % · ${number(perSecond)}/s`,
      value: p99Ms,
      text: `p99 ${p99Ms} ms, p50 ${p50Ms} ms`,
    })),
  );
  const facts = Object.entries(environment).map(([name, value]) => `${name}: ${value}`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>flash-sale: bench</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 800px; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
  .plot { overflow-x: auto; } svg { width: 100%; min-width: 600px; height: auto; display: block; } svg text { font-size: 13px; fill: currentColor; }
  .spread { stroke: currentColor; stroke-width: 2; } .legend span { margin-right: 1em; white-space: nowrap; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { text-align: right; padding: .15rem 1.5rem .15rem 0; }
  .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .3em; } small { opacity: .75; }
</style>
<h1>flash-sale: bench</h1>
<p><small>${escapeHtml(facts.join(' · '))}</small></p>
<p>${audit.ok ? '✓' : '✗'} The audit of this run: ${audit.checks} checks on ${audit.stocks} stocks and ${number(audit.records)} records of the log.</p>
<h2>Answers a second</h2>
<p><small>And their ratio to bare Fastify behind the same nginx: the median of the rounds, with its spread as a line.</small></p>${speed}
<h2>CPU time of one request</h2>${cost}
${openLoop.length > 0 ? `<h2>Click to confirmed, at a constant rate</h2>${latency}` : ''}
<h2>Over numbers of connections</h2>
<table><tr><th>connections<th>bare<th>confirmed</tr>${result.connections
    .map((one) => `<tr><td>${one.connections}<td>${number(one.bare)}<td>${number(one.confirmed)}</tr>`)
    .join('')}</table>
</html>
`;
}
