import { startShopService } from './start-shop-service.ts';
import { startStripeServer } from './start-stripe-server.ts';

const secretKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const webhookSecret = 'whsec_Kq8vL2mZ7pX4wN9tB3yR6cD1fG5hJ0aS';
const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

/** Money that a gateway took for a payment. */
export type TakenMoney = {
  paymentId: string;
  orderNo: string;
  amountCents: number;
  refundedCents: number;
  refunds: number;
};

export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>;

/** Either gateway in a form that tests of both use. `url`: the address of nginx or of a consumer. */
export function startTestGateway(name: 'http' | 'stripe', url: () => string, nowMs: () => number = Date.now) {
  return name === 'stripe' ? startStripe(url, nowMs) : startShop(url, nowMs);
}

async function startStripe(url: () => string, nowMs: () => number) {
  const webhookUrl = () => `${url()}/api/v1/payments/webhook/stripe`;
  const server = await startStripeServer({ secretKey, webhookSecret, webhookUrl, nowMs });
  const { account, events, faults, close } = server;
  const intentOf = (paymentId: string) => {
    const paid = [...account.sessions.values()].find(
      (session) => session.client_reference_id === paymentId && session.payment_intent,
    );
    return paid?.payment_intent ?? '';
  };
  return {
    name: 'stripe' as const,
    settings: {
      GATEWAY: 'stripe',
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_API_URL: server.url,
    },
    eventSettings: { STRIPE_WEBHOOK_SECRET: webhookSecret },
    events,
    faults,
    close,
    violations: [] as string[],
    /** The buyer pays on this page. False: it is closed. */
    pay: (page: string) => account.pay(page.split('/').at(-1) ?? ''),
    refundByHand(paymentId: string, amountCents: number): void {
      account.createRefund({ payment_intent: intentOf(paymentId), amount: String(amountCents) });
    },
    openDispute: (paymentId: string) => account.openDispute(intentOf(paymentId)),
    forgetKeys: server.forgetKeys,
    readMoney: (): TakenMoney[] =>
      [...account.charges.values()].map((charge) => ({
        paymentId: account.intents.get(charge.payment_intent)?.metadata.paymentId ?? '',
        orderNo: account.intents.get(charge.payment_intent)?.metadata.orderNo ?? '',
        amountCents: charge.amount,
        refundedCents: charge.amount_refunded,
        refunds: account.findRefunds(charge.payment_intent).length,
      })),
  };
}

async function startShop(url: () => string, nowMs: () => number) {
  const webhookUrl = () => `${url()}/api/v1/payments/webhook`;
  const service = await startShopService({ secret, webhookUrl, nowMs });
  const { shop, events, faults, close, violations } = service;
  return {
    name: 'http' as const,
    settings: { GATEWAY: 'http', GATEWAY_URL: service.url, WEBHOOK_SECRET: secret },
    eventSettings: {},
    events,
    faults,
    close,
    violations,
    pay: (page: string) => shop.pay(page.split('/').at(-1) ?? ''),
    refundByHand: shop.refundByHand,
    openDispute: shop.openDispute,
    forgetKeys: () => {},
    readMoney: (): TakenMoney[] =>
      [...shop.payments.values()]
        .filter(({ state }) => state === 'paid')
        .map(({ paymentId, orderNo, amountCents, refundedCents, refunds }) => ({
          paymentId,
          orderNo,
          amountCents,
          refundedCents,
          refunds: refunds.length,
        })),
  };
}
