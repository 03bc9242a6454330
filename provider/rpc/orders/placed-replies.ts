import { toDecidedMessage } from '../../../db/orders/decided-message.ts';
import type { PlacedOrderInput } from '../../../proto/gen/flashsale/v1/PlacedOrder.ts';
import type { LadderResult } from '../../ladder/insert-ladder-order.ts';
import type { Placed } from '../../orders/place-orders.ts';

// The results of the order path by their names in the protos.

export function toPlacedOrder(orderNo: string, result: Placed): PlacedOrderInput {
  switch (result.placed) {
    case 'APPENDED':
    case 'UNAVAILABLE':
      return { orderNo, placement: result.placed, stampMs: result.stampMs };
    case 'INVALID':
      return { orderNo, placement: 'REFUSED_MISFIT' };
    case 'REFUSED': {
      const { refused, ...rest } = result.refusal;
      return { orderNo, placement: `REFUSED_${refused}`, ...rest };
    }
    case 'DECIDED':
      return { orderNo, placement: 'DECIDED', decided: toDecidedMessage(result.decided) };
    default:
      return result satisfies never;
  }
}

export function toLadderResult(orderNo: string, result: Placed): LadderResult {
  switch (result.placed) {
    case 'APPENDED':
      return { outcome: 'QUEUED', orderNo };
    case 'UNAVAILABLE':
      return { outcome: 'BUSY' };
    case 'INVALID':
      return { outcome: 'NONE_LEFT' };
    case 'DECIDED':
      return result.decided.decision === 'CONFIRMED' ? { outcome: 'CREATED', orderNo } : { outcome: 'NONE_LEFT' };
    case 'REFUSED': {
      const { refused } = result.refusal;
      if (refused === 'NO_SUCH_STOCK') return { outcome: 'NO_STOCK' };
      return { outcome: refused === 'BUSY' ? 'BUSY' : 'NONE_LEFT' };
    }
    default:
      return result satisfies never;
  }
}
