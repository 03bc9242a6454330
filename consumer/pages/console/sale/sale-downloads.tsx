import { useSignal } from '@preact/signals';
import { type ApiError, callFile } from '../../call-api.ts';
import { identity } from '../../identity.ts';
import { saveFile, saveJson } from '../../save-file.ts';
import { ActionButton } from '../parts/buttons.tsx';
import { Fault } from '../parts/panel.tsx';
import type { AdminStock } from '../stocks/stocks.ts';
import { translate } from '../texts/translate.ts';
import { type SaleHistory, saleFigures, saleHistory } from './follow-sale.ts';

/** The report of the sale: printed, or as files. Not printed itself. */
export function SaleDownloads({ stock }: { stock: AdminStock | null }) {
  const isBusy = useSignal(false);
  const fault = useSignal<ApiError | null>(null);
  const history = saleHistory.value;
  if (!stock || !history || !saleFigures.value) return null;
  const { sid, name, price, opensAt, closesAt } = stock;
  const saveOrders = async () => {
    isBusy.value = true;
    fault.value = null;
    try {
      const path = `/admin/stocks/${sid}/orders?for=spreadsheet`;
      saveFile(`orders-${sid}.csv`, await callFile(path, 'text/csv', identity.peek()?.token));
    } catch (error) {
      fault.value = error as ApiError;
    }
    isBusy.value = false;
  };
  return (
    <div class="actions downloads">
      <button type="button" onClick={() => print()}>
        {translate('print')}
      </button>
      <button
        type="button"
        onClick={() =>
          saveJson(`sale-${sid}.json`, {
            stock: { sid, name, price, opensAt, closesAt },
            summary: saleFigures.peek() ?? {},
            history,
          })
        }
      >
        {translate('saveFigures')}
      </button>
      <button
        type="button"
        onClick={() => saveFile(`timeline-${sid}.csv`, new Blob([toCsv(history)], { type: 'text/csv' }))}
      >
        {translate('saveTimeline')}
      </button>
      <ActionButton isBusy={isBusy.value} onClick={() => void saveOrders()}>
        {translate(isBusy.value ? 'savingOrders' : 'saveOrders')}
      </ActionButton>
      <Fault error={fault.value} />
    </div>
  );
}

const COLUMNS = [
  'at',
  'orders',
  'confirmed',
  'refused',
  'paid',
  'msToLog',
  'msToDecision',
  'slowestMs',
  'slow',
] as const;

/** Amounts are in the smallest unit of the column `currency`. No cell needs quotes. */
function toCsv({ buckets }: SaleHistory): string {
  const lines = buckets.map((bucket) =>
    [...COLUMNS.map((name) => bucket[name] ?? ''), bucket.paidAmount.amount, bucket.paidAmount.currency].join(','),
  );
  return [[...COLUMNS, 'paidAmount', 'currency'].join(','), ...lines, ''].join('\r\n');
}
