import type { RecordPaymentReply } from '../../proto/gen/flashsale/v1/RecordPaymentReply.ts';
import type { RecordPaymentRequestInput } from '../../proto/gen/flashsale/v1/RecordPaymentRequest.ts';
import type { StartPaymentReply } from '../../proto/gen/flashsale/v1/StartPaymentReply.ts';
import type { StartPaymentRequestInput } from '../../proto/gen/flashsale/v1/StartPaymentRequest.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { type ShareOptions, shareCalls } from '../providers/share-calls.ts';

export type PaymentCallsOptions = ShareOptions & {
  providers: Pick<Providers, 'startPayment' | 'startPayments' | 'recordPayment' | 'recordPayments'>;
};

export type PaymentCalls = {
  startPayment(request: StartPaymentRequestInput): Promise<StartPaymentReply>;
  recordPayment(request: RecordPaymentRequestInput): Promise<RecordPaymentReply>;
};

/** The calls that start and record payments. Payments that come together share a call. */
export function createPaymentCalls({ clock, providers, deadlineMs }: PaymentCallsOptions): PaymentCalls {
  const shared = { clock, deadlineMs };
  return {
    startPayment: shareCalls(shared, { together: providers.startPayments, alone: providers.startPayment }),
    recordPayment: shareCalls(shared, { together: providers.recordPayments, alone: providers.recordPayment }),
  };
}
