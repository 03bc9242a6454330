import type { FastifyInstance } from 'fastify';
import type { Traces } from '../proto/traces/traces.ts';
import { type ActionRoutesOptions, actionRoutes } from './admin/action-routes.ts';
import { type AdminDrawRoutesOptions, adminDrawRoutes } from './admin/admin-draw-routes.ts';
import { type AdminOrderRoutesOptions, adminOrderRoutes } from './admin/admin-order-routes.ts';
import { type AdminPaymentRoutesOptions, adminPaymentRoutes } from './admin/admin-payment-routes.ts';
import { type AdminRoutesOptions, adminRoutes } from './admin/admin-routes.ts';
import { type AuditRoutesOptions, auditRoutes } from './admin/audit-routes.ts';
import { type BulkRoutesOptions, bulkRoutes } from './admin/bulk/bulk-routes.ts';
import { type DeadLetterRoutesOptions, deadLetterRoutes } from './admin/dead-letter-routes.ts';
import { type ExperimentRoutesOptions, experimentRoutes } from './admin/experiments/experiment-routes.ts';
import { type LiveRoutesOptions, liveRoutes } from './admin/live/live-routes.ts';
import { type HistoryRoutesOptions, historyRoutes } from './admin/sales/history-routes.ts';
import { type SummaryRoutesOptions, summaryRoutes } from './admin/sales/summary-routes.ts';
import { type StockRefundRoutesOptions, stockRefundRoutes } from './admin/stock-refund-routes.ts';
import { type TraceRoutesOptions, traceRoutes } from './admin/trace-routes.ts';
import { guardApi } from './api/guard-api.ts';
import { timeRoutes } from './api/time-routes.ts';
import { type DemoRoutesOptions, demoRoutes } from './auth/demo-routes.ts';
import { type AdmissionRoutesOptions, admissionRoutes } from './buying/admission-routes.ts';
import { type BuyRoutesOptions, buyRoutes } from './buying/buy-routes.ts';
import { addCommonProblems } from './describe-api.ts';
import { type DrawRoutesOptions, drawRoutes } from './draws/draw-routes.ts';
import { type EntryRoutesOptions, entryRoutes } from './draws/entry-routes.ts';
import { type EventRoutesOptions, eventRoutes } from './events/event-routes.ts';
import type { CallLimits } from './limits/call-limits.ts';
import { type OrderRoutesOptions, orderRoutes } from './orders/order-routes.ts';
import { traceResponses } from './orders/trace-request.ts';
import { type PaymentReadRoutesOptions, paymentReadRoutes } from './payments/payment-read-routes.ts';
import { type PaymentRoutesOptions, paymentRoutes } from './payments/payment-routes.ts';
import { type StripeWebhookRoutesOptions, stripeWebhookRoutes } from './payments/stripe-webhook-routes.ts';
import { type WebhookRoutesOptions, webhookRoutes } from './payments/webhook-routes.ts';
import type { ConsumerConfig } from './settings/settings-schema.ts';
import { type StockRoutesOptions, stockRoutes } from './stocks/stock-routes.ts';
import { type EndpointRoutesOptions, endpointRoutes } from './webhooks/endpoint-routes.ts';

type OrderPathOptions = StockRoutesOptions &
  BuyRoutesOptions &
  AdmissionRoutesOptions &
  OrderRoutesOptions &
  EventRoutesOptions;
type DrawOptions = EntryRoutesOptions & DrawRoutesOptions & AdminDrawRoutesOptions;
type PaymentOptions = PaymentRoutesOptions &
  PaymentReadRoutesOptions &
  WebhookRoutesOptions &
  StripeWebhookRoutesOptions;
type AdminOptions = AdminRoutesOptions &
  AdminOrderRoutesOptions &
  AdminPaymentRoutesOptions &
  StockRefundRoutesOptions &
  SummaryRoutesOptions &
  HistoryRoutesOptions &
  BulkRoutesOptions &
  DeadLetterRoutesOptions &
  AuditRoutesOptions &
  ActionRoutesOptions &
  EndpointRoutesOptions &
  TraceRoutesOptions;
type LiveOptions = LiveRoutesOptions & ExperimentRoutesOptions & DemoRoutesOptions;

export type RoutesOptions = OrderPathOptions &
  DrawOptions &
  PaymentOptions &
  AdminOptions &
  LiveOptions & { config: ConsumerConfig; calls: CallLimits };

/** All routes under /api/v1. Each group of routes is a file of its own and one line here. */
export function routes(options: RoutesOptions) {
  const { config } = options;
  const groups = [
    timeRoutes,
    stockRoutes(options),
    buyRoutes(options),
    admissionRoutes(options),
    orderRoutes(options),
    entryRoutes(options),
    drawRoutes(options),
    paymentRoutes(options),
    paymentReadRoutes(options),
    webhookRoutes(options),
    stripeWebhookRoutes(options),
    adminRoutes(options),
    adminDrawRoutes(options),
    adminOrderRoutes(options),
    adminPaymentRoutes(options),
    stockRefundRoutes(options),
    summaryRoutes(options),
    historyRoutes(options),
    bulkRoutes(options),
    deadLetterRoutes(options),
    auditRoutes(options),
    actionRoutes(options),
    endpointRoutes(options),
    eventRoutes(options),
    ...(config.LADDER === 'on' ? [experimentRoutes(options)] : []),
    liveRoutes(options),
    traceRoutes(options),
    ...(config.DEMO === 'on' ? [demoRoutes(options)] : []),
  ];
  return apiRoutes(config, options.calls, groups, options.traces);
}

type RouteGroup = (app: FastifyInstance) => Promise<void>;

/** Routes under /api/v1, with the hooks of all of them. */
export function apiRoutes(config: ConsumerConfig, calls: CallLimits, groups: RouteGroup[], traces?: Traces) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRoute', addCommonProblems);
    await guardApi(app, config);
    // After every onRequest hook, which identify the caller.
    app.addHook('preParsing', calls.limitCall);
    if (traces) app.addHook('onResponse', traceResponses(traces));
    // Inside this scope, so that the 404 has CORS headers too.
    await app.register(async (unknown) => void unknown.setNotFoundHandler(app.answerUnknown), { prefix: '/api/v1' });
    for (const group of groups) await app.register(group, { prefix: '/api/v1' });
  };
}
