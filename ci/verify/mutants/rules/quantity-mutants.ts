import { edit, editSql, type Mutant, simulated, tested } from './mutant.ts';

/** Bugs in orders of several units. */
export const quantityMutants: Mutant[] = [
  simulated(
    'order-takes-one-unit',
    'an order takes all its units',
    edit('decideBatch', "decision === 'CONFIRMED' ? quantity : 0", "decision === 'CONFIRMED' ? 1 : 0"),
  ),
  simulated(
    'order-returns-one-unit',
    'an order that ends returns all its units',
    edit('returnUnits', 'sum + quantity', 'sum + 1'),
  ),
  simulated(
    'sold-out-only-without-units',
    'an order that wants more units than are left takes none',
    edit('decideUnit', 'unitsLeft < quantity', 'unitsLeft <= 0'),
    editSql('takeUnits', 'AND sale + ? <= count', 'AND sale <= count + ?'),
    editSql('takeUnitsOfStocks', 's.sale + taken.units <= s.count', 's.sale <= s.count + taken.units'),
  ),
  simulated(
    'amount-due-of-one-unit',
    'the amount due is the price of all units',
    edit('amountDue', 'priceCents * quantity', 'priceCents'),
  ),
  simulated(
    'one-call-for-details',
    'the procedure confirms only orders of one unit without details',
    edit('isPlain', '$1 || hasDetails(order)', '$1'),
  ),
  simulated(
    'poll-forgets-the-quantity',
    'a poll of an order of several units buys no other quantity',
    edit('termsOfPoll', '{ takesNoUnit: true, metClosed: true }', '{ takesNoUnit: false }'),
  ),
  simulated(
    'too-few-left-is-sold-out',
    'a stock with units left is not sold out for all buyers',
    edit(
      'refuseOrder',
      "left > 0 ? { refused: 'TOO_FEW_LEFT', left } : { refused: 'SOLD_OUT' }",
      "{ refused: 'SOLD_OUT' }",
    ),
  ),
  tested(
    'audit-counts-orders',
    'the audit counts units, not orders',
    'db/audit/audit-quantities.test.ts',
    editSql('readAuditedStock', 'SUM(quantity) AS units', 'COUNT(*) AS units'),
  ),
];
