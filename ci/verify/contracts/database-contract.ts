import type { Test } from 'tap';
import type { ContractDatabase, DatabaseTest } from './contract-database.ts';
import { lockContract } from './lock-contract.ts';
import { orderRowContract } from './order-row-contract.ts';
import { transactionContract } from './transaction-contract.ts';

/** What the order path relies on in its database. */
export function databaseContract(t: Test, open: (t: Test) => Promise<ContractDatabase>): void {
  const test: DatabaseTest = (title, body) => {
    t.test(title, async (t) => {
      const db = await open(t);
      await db.drive(async () => {
        const connections = [await db.connect(), await db.connect()] as const;
        await body(t, db, [...connections], await db.createTestStock(3));
        for (const connection of connections) connection.destroy();
      });
    });
  };
  lockContract(test);
  orderRowContract(test);
  transactionContract(test);
}
