import type { Board } from './build-board.ts';
import { graph, number, ORDERS, quantile, rate } from './graph.ts';

/** The sale as it happens: for the shop and the engineer on duty. */
export const saleBoard: Board = {
  uid: 'flash-sale-sale',
  title: 'Sale',
  description: 'What buyers ask and get, second by second',
  rows: [
    {
      title: 'Now',
      panels: [
        number('Orders a second', 'Orders that reach a consumer.', 'reqps', [`sum(${rate(ORDERS)})`]),
        number('Units sold', 'Confirmed orders in the time range that the board shows.', 'short', [
          'sum(increase(flashsale_decisions_total{decision="CONFIRMED"}[$__range]))',
        ]),
        number('Buyers who wait', 'Requests that wait for a decision.', 'short', ['sum(flashsale_orders_waiting)']),
        number(
          'Answer, 99 %',
          'Within this time 99 % of the orders have their answer. Above 2 s: see the board Order path.',
          's',
          [quantile(0.99, 'flashsale_order_answer_seconds')],
        ),
        number(
          'Errors',
          'Share of orders that failed with a status of 500 or more. 503 of a refused rush included.',
          'percentunit',
          [
            `sum(${rate(`${ORDERS.slice(0, -1)}, http_response_status_code=~"5.."}`)} or vector(0)) / sum(${rate(ORDERS)})`,
          ],
        ),
        number(
          'Oldest pending order',
          'Time since the oldest order without a decision was sent. Above 5 s: see the board Order path.',
          's',
          ['max(flashsale_orders_undecided_age_seconds)'],
        ),
      ],
    },
    {
      title: 'Orders',
      panels: [
        graph(
          'Orders by status',
          'Answers to orders. 201 confirmed, 202 pending, 410 sold out, 429 limited, 503 busy.',
          'reqps',
          [[`sum by (http_response_status_code) (${rate(ORDERS)})`, '{{http_response_status_code}}']],
        ),
        graph('Decisions', 'First decisions by kind. After the last unit only SOLD_OUT remains.', 'reqps', [
          [`sum by (decision) (${rate('flashsale_decisions_total')})`, '{{decision}}'],
        ]),
        graph('Time to the answer', 'From receiving an order to its answer.', 's', [
          [quantile(0.5, 'flashsale_order_answer_seconds'), '50 %'],
          [quantile(0.95, 'flashsale_order_answer_seconds'), '95 %'],
          [quantile(0.99, 'flashsale_order_answer_seconds'), '99 %'],
        ]),
        graph(
          'Turned away and given up',
          'Orders refused because they could not be decided in time, and buyers who closed the page before the answer.',
          'reqps',
          [
            [`sum(${rate('flashsale_orders_turned_away_total')})`, 'turned away (503)'],
            [`sum(${rate('flashsale_http_abandoned_total')}) or vector(0)`, 'given up'],
          ],
        ),
        graph(
          'Estimated wait',
          'Time to the decision of an order that is sent now. Above ORDER_WAIT_MS new orders are refused.',
          's',
          [['max(flashsale_estimated_wait_seconds)', 'wait']],
        ),
        graph('Open pages', 'Event streams of stocks and orders: about the number of open pages.', 'short', [
          ['sum by (kind) (flashsale_event_listeners)', '{{kind}}'],
        ]),
      ],
    },
    {
      title: 'Requests',
      panels: [
        graph('Requests by route', 'All requests that reach a consumer.', 'reqps', [
          [`topk(10, sum by (http_route) (${rate('http_server_request_duration_seconds_count')}))`, '{{http_route}}'],
        ]),
        graph('Time by route, 99 %', 'Duration of requests by route.', 's', [
          [quantile(0.99, 'http_server_request_duration_seconds', 'http_route'), '{{http_route}}'],
        ]),
        graph('Errors by route', 'Requests answered with a status of 500 or more.', 'reqps', [
          [
            `sum by (http_route, http_response_status_code) (${rate('http_server_request_duration_seconds_count{http_response_status_code=~"5.."}')})`,
            '{{http_response_status_code}} {{http_route}}',
          ],
        ]),
      ],
    },
  ],
};
