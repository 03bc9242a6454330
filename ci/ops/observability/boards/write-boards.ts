import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Board, buildBoard } from './build-board.ts';
import { moneyBoard } from './money-board.ts';
import { orderPathBoard } from './order-path-board.ts';
import { partsBoard } from './parts-board.ts';
import { saleBoard } from './sale-board.ts';

// Writes the boards for Grafana to json/; with --check only checks whether they are up to date.

const boards: Board[] = [saleBoard, orderPathBoard, partsBoard, moneyBoard];
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

mkdirSync(new URL('json/', import.meta.url), { recursive: true });
for (const board of boards) {
  const file = new URL(`json/${board.uid}.json`, import.meta.url);
  const text = `${JSON.stringify(buildBoard(board), null, 2)}\n`;
  if (!values.check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file.pathname} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
