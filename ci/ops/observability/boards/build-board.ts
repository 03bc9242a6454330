import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** A query in PromQL. `legend`: a name, with labels as {{label}}. */
export type Query = { expr: string; legend: string };

/** A panel. `unit`: an id of Grafana, such as s, percentunit, reqps or short. */
export type Panel = {
  title: string;
  /** What it shows and when to act, for a reader who sees it for the first time. */
  description: string;
  kind: 'graph' | 'number';
  unit: string;
  queries: readonly Query[];
};

export type Board = {
  uid: string;
  title: string;
  description: string;
  rows: readonly { title: string; panels: readonly Panel[] }[];
};

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana replaces it by the variable of the board.
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const GRID = 24;
const SIZES = { graph: { width: 8, height: 8 }, number: { width: 4, height: 4 } };

/** The board as Grafana imports it. */
export function buildBoard({ uid, title, description, rows }: Board): Dashboard {
  const board = new DashboardBuilder(`Flash sale: ${title}`)
    .uid(uid)
    .description(description)
    .tags(['flash-sale'])
    .time({ from: 'now-30m', to: 'now' })
    .refresh('5s')
    .timezone('browser')
    .readonly()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  let id = 0;
  const nextId = () => {
    id += 1;
    return id;
  };
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title).id(nextId()));
    for (const panel of row.panels) board.withPanel(buildPanel(panel).id(nextId()));
  }
  return board.build();
}

function buildPanel({ title, description, kind, unit, queries }: Panel): TimeseriesBuilder | StatBuilder {
  const { width, height } = SIZES[kind];
  const builder = kind === 'graph' ? new TimeseriesBuilder() : new StatBuilder();
  builder
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .span(Math.min(width, GRID))
    .height(height)
    .datasource(DATASOURCE);
  for (const [i, { expr, legend }] of queries.entries()) {
    const refId = String.fromCharCode('A'.charCodeAt(0) + i);
    builder.withTarget(new DataqueryBuilder().refId(refId).expr(expr).legendFormat(legend).datasource(DATASOURCE));
  }
  return builder;
}
