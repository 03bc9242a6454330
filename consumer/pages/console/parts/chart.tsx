import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { language } from '../../language.ts';
import { clockTime, dayTime, short } from './formats.ts';

export type ChartSeries = {
  /** A custom property of console.css. */
  colour: string;
  dash?: number[];
  /** The axis. */
  scale?: 'left' | 'right';
  isFilled?: boolean;
  /** Draw the line across unknown values. */
  spansGaps?: boolean;
  isHidden?: boolean;
};

/** A vertical line with a text. `at`: as x. */
export type ChartMark = { at: number; text: string };

type ChartProps = {
  series: ChartSeries[];
  data: ReadonlySignal<uPlot.AlignedData>;
  /** First and last x; default: those of the data. */
  range?: ReadonlySignal<[number, number]>;
  /** Unit of x: seconds since 1970, or milliseconds since the start of a race. */
  x: 'clock' | 'ms';
  formatLeft?: (value: number) => string;
  heightPx: number;
  /** A horizontal line at this value of the left axis. */
  line?: number;
  /** End of the left axis; higher values are cut off. */
  top?: number;
  isLogarithmic?: boolean;
  marks?: ReadonlySignal<ChartMark[]>;
  /** Each value holds from its x to the next. */
  isStepped?: boolean;
  /** Called with the column under the cursor. */
  onCursor?: (index: number | null) => void;
  /** Charts with the same key share their cursor. */
  syncKey?: string;
};

// The smallest top of an axis, so that an empty one shows whole numbers.
const MIN_TOP = 5;
/** Steps of an axis: counts are whole numbers. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6, 7].map((digits) => step * 10 ** digits))
  .sort((a, b) => a - b);

/** A uPlot chart in the page's colours, as wide as its box. Screen readers ignore it: the page shows its figures as text too. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const { data, range, heightPx } = props;
  const shape = JSON.stringify([props.series, props.x, props.line, props.top, props.isLogarithmic, language.value]);

  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const open = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(props, element), data.peek(), element);
    };
    open();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: heightPx });
    });
    resize.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', open);
    return () => {
      dark.removeEventListener('change', open);
      resize.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  useSignalEffect(() => {
    const columns = data.value;
    const limits = range?.value;
    props.marks?.value;
    if (!plot.current) return;
    plot.current.batch(() => {
      plot.current?.setData(columns, limits === undefined);
      if (limits) plot.current?.setScale('x', { min: limits[0], max: limits[1] });
    });
  });

  return <div ref={box} class="chart" style={{ height: `${heightPx}px` }} aria-hidden="true" />;
}

function optionsOf(props: ChartProps, element: HTMLElement): uPlot.Options {
  const colour = colourReader(element);
  const grid = { stroke: colour('--grid'), width: 1 };
  const axis = { stroke: colour('--ink-soft'), font: axisFont(element), ticks: { show: false }, gap: 6, grid };
  const hasRight = props.series.some(({ scale }) => scale === 'right');
  const fromZero: uPlot.Range.Function = (_, _min, max) => [0, Math.max(MIN_TOP, (max ?? 0) * 1.08)];
  const left: uPlot.Range.Function = (u, min, max, key) => (props.top ? [0, props.top] : fromZero(u, min, max, key));
  const limits = props.range;
  const steps = props.isStepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    width: element.clientWidth,
    height: props.heightPx,
    padding: [8, hasRight ? 0 : 12, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      y: false,
      points: { size: 6 },
      ...(props.syncKey && { sync: { key: props.syncKey } }),
    },
    scales: {
      x: { time: false, ...(limits && { range: () => limits.peek() }) },
      left: props.isLogarithmic ? { distr: 4, asinh: 1, range: left } : { range: left },
      right: { range: fromZero },
    },
    axes: [
      {
        ...axis,
        space: 70,
        size: 26,
        values: (u, ticks) => ticks.map((tick) => (props.x === 'clock' ? timeOfTick(u, tick) : short(tick))),
        ...(props.x === 'clock' && { incrs: CLOCK_STEPS }),
      },
      {
        ...axis,
        scale: 'left',
        size: 46,
        space: 28,
        incrs: WHOLE_STEPS,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : (props.formatLeft ?? short)(tick))),
      },
      {
        ...axis,
        scale: 'right',
        side: 1,
        size: 46,
        space: 28,
        incrs: WHOLE_STEPS,
        show: hasRight,
        grid: { show: false },
        values: shorts,
      },
    ],
    series: [
      {},
      ...props.series.map(
        ({ colour: name, dash, scale = 'left', isFilled, spansGaps, isHidden }): uPlot.Series => ({
          scale,
          stroke: colour(name),
          width: 1.5,
          show: !isHidden,
          points: { show: false },
          spanGaps: spansGaps ?? false,
          ...(steps && { paths: steps }),
          ...(dash && { dash }),
          ...(isFilled && { fill: colour(`${name}-fill`) }),
        }),
      ),
    ],
    hooks: {
      setCursor: [(u) => props.onCursor?.(u.cursor.idx ?? null)],
      draw: [
        (u) => drawLine(u, props.line, colour('--ink')),
        (u) => drawMarks(u, props.marks?.peek() ?? [], colour('--ink'), axis.font),
      ],
    },
  };
}

/** In seconds. */
const CLOCK_STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_592_000];
const DAY_S = 86_400;

function timeOfTick({ scales }: uPlot, tick: number): string {
  const { min = 0, max = 0 } = scales.x ?? {};
  return (max ?? 0) - (min ?? 0) > DAY_S ? dayTime(tick * 1000) : clockTime(tick * 1000);
}

const shorts = (_: uPlot, ticks: (number | null)[]) => ticks.map((tick) => (tick === null ? '' : short(tick)));

function drawLine(u: uPlot, at: number | undefined, stroke: string): void {
  if (at === undefined) return;
  const y = Math.round(u.valToPos(at, 'left', true)) + 0.5;
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** The text is left of a line in the right half. */
function drawMarks(u: uPlot, marks: ChartMark[], stroke: string, font: string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [i, { at, text }] of marks.entries()) {
    const x = Math.round(u.valToPos(at, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const isRight = x > bbox.left + bbox.width / 2;
    ctx.textAlign = isRight ? 'right' : 'left';
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(text, x + (isRight ? -4 : 4) * devicePixelRatio, bbox.top + (12 + 14 * i) * devicePixelRatio);
  }
  ctx.restore();
}

/** A canvas supports neither custom properties nor light-dark(), but accepts the computed colour of an element. */
function colourReader(element: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    element.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

function axisFont(element: HTMLElement): string {
  return `11px ${getComputedStyle(element).fontFamily}`;
}
