import { realClock } from '../../process/clock.ts';
import { startDeadline } from '../../process/start-deadline.ts';
import { deadlines } from '../../settings/deadlines.ts';
import type { GatewayPayment, PaymentGateway } from '../payment-gateway.ts';
import { type KnownRefund, planRefund, resultOfRefund } from '../plan-refund.ts';
import { callService, type ServiceCall, type ServiceOptions } from './call-service.ts';
import {
  type NewServicePayment,
  type NewServiceRefund,
  type ServicePayment,
  type ServiceRefunds,
  servicePaymentSchema,
  serviceRefundsSchema,
} from './payment-service-schemas.ts';

/** The shop's own payment service, which docs/payment-service.openapi.json describes. */
export function createHttpGateway(options: ServiceOptions): PaymentGateway {
  async function callPayment(paymentId: string, call: ServiceCall): Promise<ServicePayment> {
    const payment = await callService(options, call, servicePaymentSchema);
    if (payment.paymentId !== paymentId) throw new Error(`the payment service answered for ${payment.paymentId}`);
    return payment;
  }

  return {
    name: 'http',
    // The service has no limits of its own: it takes money until the order expires, and at least while a buyer types.
    sessionSeconds: { least: 120, most: 8 * 24 * 3600 },

    async openSession({ paymentId, orderNo, amountCents, currency, name, returnUrl, expiresAtMs }) {
      const expiresAt = new Date(expiresAtMs).toISOString();
      const body: NewServicePayment = { orderNo, amountCents, currency, name, returnUrl, expiresAt };
      const payment = await callPayment(paymentId, {
        method: 'PUT',
        path: `/payments/${paymentId}`,
        id: `create-${paymentId}`,
        body,
        deadlineMs: deadlines.GATEWAY_OPEN.ms,
      });
      const isSame =
        payment.orderNo === orderNo && payment.amountCents === amountCents && payment.currency === currency;
      if (!isSame) throw new Error(`the payment service has other parameters of ${paymentId}`);
      return { redirectUrl: payment.redirectUrl, sessionId: paymentId };
    },

    async readPayment({ paymentId }) {
      const payment = await callPayment(paymentId, {
        method: 'GET',
        path: `/payments/${paymentId}`,
        id: `read-${paymentId}`,
        deadlineMs: deadlines.GATEWAY_READ.ms,
      });
      return toGatewayPayment(payment);
    },

    async endSession({ paymentId }) {
      const payment = await callPayment(paymentId, {
        method: 'POST',
        path: `/payments/${paymentId}/end`,
        id: `end-${paymentId}`,
        deadlineMs: deadlines.GATEWAY_END.ms,
      });
      if (payment.state === 'open') throw new Error(`the payment service did not end ${paymentId}`);
      return toGatewayPayment(payment);
    },

    async refund(refund) {
      const { paymentId, currency } = refund;
      const leftMs = startDeadline(realClock, deadlines.GATEWAY_REFUND.ms);
      const path = `/payments/${paymentId}/refunds`;
      const read = { method: 'GET', path, id: `refunds-${paymentId}`, deadlineMs: leftMs() } as const;
      const plan = planRefund(refund, knownRefunds(await callService(options, read, serviceRefundsSchema)));
      if (plan.state !== 'create') return plan;
      const body: NewServiceRefund = { idempotencyKey: plan.key, amountCents: plan.amountCents, currency };
      const create = { method: 'POST', path, id: `refund-${plan.key}`, body, deadlineMs: leftMs() } as const;
      return resultOfRefund(refund, knownRefunds(await callService(options, create, serviceRefundsSchema)));
    },
  };
}

function toGatewayPayment(payment: ServicePayment): GatewayPayment {
  const { state, orderNo, amountCents, currency, chargeId, refundedCents, dispute } = payment;
  if (state !== 'paid') return { state };
  return { state, orderNo, amountCents, currency, chargeId, refundedCents, dispute };
}

function knownRefunds({ refunds }: ServiceRefunds): KnownRefund[] {
  return refunds.map(({ state, reason, amountCents }) =>
    state === 'failed'
      ? { state, reason: reason ?? 'the payment service gave no reason', amountCents }
      : { state, amountCents },
  );
}
