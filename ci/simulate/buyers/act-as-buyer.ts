import { decisionFromOrder } from '../../../consumer/look-up-orders.ts';
import type { DecidedOrder } from '../../../db/decide-batch.ts';
import { mintOrderNumber } from '../../../proto/order-number.ts';
import type { OrderNumber, SimulatedConsumer } from '../processes/start-consumer.ts';
import type { PromiseWatch } from '../watch-promises.ts';
import type { World } from '../world.ts';
import { askConsumer } from './ask-consumer.ts';

export type BuyerHabits = {
  name: string;
  sid: number;
  /** Attempts, each with a key of its own, after a refusal. */
  attempts: number;
  afterwards: 'pays' | 'cancels' | 'forgets';
  /** How long after he was told. */
  afterMs: number;
  /** How long paying takes. */
  payingMs: number;
  /** Waits for the event of his consumer, in place of asking, for as long as that consumer lives. */
  listens: boolean;
  /** Buys twice at the same moment. */
  clicksTwice: boolean;
};

export type BuyerWorld = { world: World; watch: PromiseWatch; consumers(): SimulatedConsumer[]; isOver(): boolean };

const ORDER_NO_KEY = 'of the simulation, for nobody else';
const POLL_MS = 1000;

/** One buyer, from the first click to the last answer. Resolves when there is nothing more to ask. */
export async function actAsBuyer(parts: BuyerWorld, habits: BuyerHabits): Promise<void> {
  const { world } = parts;
  const { name: buyer, sid } = habits;
  const minted = (key: string): OrderNumber => ({
    orderNo: mintOrderNumber(ORDER_NO_KEY, sid, buyer, key),
    sid,
    buyer,
  });
  for (let attempt = 0; attempt < habits.attempts && !parts.isOver(); attempt += 1) {
    if (attempt > 0) await rest(world, world.random.between(300, 1500));
    const clicks = habits.clicksTwice
      ? [minted(`${attempt}-left`), minted(`${attempt}-right`)]
      : [minted(`${attempt}`)];
    const answers = await Promise.all(clicks.map((order) => buy(parts, habits, order)));
    const mine = answers.find((answer) => answer?.decision === 'CONFIRMED');
    if (mine) return afterwards(parts, habits, { orderNo: mine.orderNo, sid, buyer });
    if (answers.some((answer) => answer?.decision === 'DUPLICATE')) return;
  }
}

/** Asks until there is an answer: null when it is that nothing was written. */
async function buy(parts: BuyerWorld, habits: BuyerHabits, order: OrderNumber): Promise<DecidedOrder | null> {
  const { world, watch } = parts;
  for (let tries = 0; ; tries += 1) {
    if (parts.isOver()) return null;
    const consumer = world.random.pick(parts.consumers());
    const askedMs = world.time.nowMs();
    world.story.tell(() => `${order.buyer}: ${order.orderNo.slice(-4)} asks ${consumer.process.name}, ${tries} before`);
    if (tries > 0) watch.sendsAgain(order.orderNo);
    const bought = await askConsumer(world, consumer, ({ buy: ask }) => ask(order, tries > 0));
    if (bought) watch.answered(order, bought, askedMs);
    switch (bought?.kind) {
      case 'decided':
        return bought.decided;
      case 'sold_out':
        return null;
      case 'pending':
        return waitForDecision(parts, habits, order, consumer);
      default:
        await rest(world, world.random.between(200, 1000));
    }
  }
}

/** Told 202: an answer was promised. */
async function waitForDecision(
  parts: BuyerWorld,
  habits: BuyerHabits,
  order: OrderNumber,
  consumer: SimulatedConsumer,
): Promise<DecidedOrder | null> {
  const { world, watch } = parts;
  if (habits.listens && consumer.process.isAlive()) {
    const heard = await listen(consumer, order.orderNo);
    if (heard) {
      watch.decided(order, heard);
      return heard;
    }
  }
  while (!parts.isOver()) {
    const decided = await askConsumer(world, world.random.pick(parts.consumers()), ({ poll }) => poll(order));
    if (decided) {
      watch.decided(order, decided);
      return decided;
    }
    await rest(world, POLL_MS);
  }
  return null;
}

/** What the consumer tells by itself: it has promised an answer, and sends the order again until there is one. */
function listen({ desk, process }: SimulatedConsumer, orderNo: string): Promise<DecidedOrder | null> {
  return new Promise((resolve) => {
    desk.onDecision((decided) => decided.orderNo === orderNo && resolve(decided));
    process.onKill(() => resolve(null));
    // It may have been told between the answer and now.
    const look = (): void => {
      desk.getOrder(orderNo).then(
        (order) => order && resolve(decisionFromOrder(order)),
        () => process.clock.setTimer(POLL_MS, look),
      );
    };
    process.deliver(look);
  });
}

async function afterwards(parts: BuyerWorld, habits: BuyerHabits, order: OrderNumber): Promise<void> {
  const { world, watch } = parts;
  if (habits.afterwards === 'forgets') return;
  await rest(world, habits.afterMs);
  const { orderNo, buyer } = order;
  const ask = <T>(work: (consumer: SimulatedConsumer) => Promise<T>) =>
    askConsumer(world, world.random.pick(parts.consumers()), work);
  for (let tries = 0; !parts.isOver(); tries += 1) {
    if (tries > 0) await rest(world, 500);
    if (habits.afterwards === 'cancels') {
      if (await ask(({ providers }) => providers.cancelOrder({ orderNo, buyer }))) return;
      continue;
    }
    const started = await ask(({ providers }) => providers.startPayment({ orderNo, buyer }));
    if (!started) continue;
    if (started.outcome !== 'STARTED') return;
    const { paymentId, amountCents, currency } = started;
    await rest(world, habits.payingMs);
    const event = { eventId: `paid-${paymentId}`, paymentId, orderNo, amountCents, currency };
    // The gateway brings its event until it is taken.
    for (; !parts.isOver(); await rest(world, 300)) {
      const recorded = await ask(({ providers }) => providers.recordPayment(event));
      if (recorded?.outcome === 'PAID') watch.paid(orderNo);
      if (recorded) return;
    }
  }
}

function rest(world: World, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    world.time.after(delayMs, resolve);
  });
}
