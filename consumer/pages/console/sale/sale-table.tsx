import { money, whole } from '../../language.ts';
import { dateTime, milliseconds } from '../parts/formats.ts';
import { Scroll } from '../parts/panel.tsx';
import { translate } from '../texts/translate.ts';
import { saleHistory } from './follow-sale.ts';

const COUNTS = ['confirmed', 'refused', 'paid'] as const;

/** The time line as a table. */
export function SaleTable() {
  const buckets = saleHistory.value?.buckets ?? [];
  if (buckets.length === 0) return null;
  return (
    <details class="as-table">
      <summary>{translate('historyTable')}</summary>
      <Scroll label={translate('historyTitle')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{translate('time')}</th>
              {COUNTS.map((name) => (
                <th key={name} scope="col" class="right">
                  {translate(`sale_${name}`)}
                </th>
              ))}
              <th scope="col" class="right">
                {translate('paidAmount')}
              </th>
              <th scope="col" class="right">
                {translate('sale_slowestMs')}
              </th>
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.at}>
                <th scope="row" class="number">
                  {dateTime(bucket.at)}
                </th>
                {COUNTS.map((name) => (
                  <td key={name} class="number right">
                    {whole(bucket[name])}
                  </td>
                ))}
                <td class="number right">{money(bucket.paidAmount)}</td>
                <td class="number right">{milliseconds(bucket.slowestMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}
