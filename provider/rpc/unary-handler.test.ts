import { EventEmitter } from 'node:events';
import { Metadata, type ServerUnaryCall, type ServiceError, status } from '@grpc/grpc-js';
import t from 'tap';
import { violatedFields } from '../../ci/testing/clients/connect-test-client.ts';
import { ConnectionError } from '../../db/mysql/classify-database-error.ts';
import { createMetrics } from '../../proto/metrics/metrics.ts';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { DeadlineError } from '../../proto/process/clock.ts';
import { CallError, InvalidFieldError } from './describe-fault.ts';
import { createUnaryHandler } from './unary-handler.ts';

type Answered = {
  error: Partial<ServiceError> | null;
  reply: string | null | undefined;
  worked: boolean;
  warned: object[];
};

/** A call as grpc-js passes it. A client cannot produce a deadline that passes while the process is busy. */
function answer(deadline: Date | number, work: () => Promise<string>, metadata = new Metadata()): Promise<Answered> {
  let worked = false;
  const warned: object[] = [];
  const handle = createUnaryHandler<object, string>(
    (fields) => warned.push(fields),
    createMetrics('provider'),
    () => {
      worked = true;
      return work();
    },
  );
  const call = Object.assign(new EventEmitter(), {
    request: {},
    metadata,
    getDeadline: () => deadline,
    getPath: () => '/test',
  });
  return new Promise((resolve) => {
    handle(call as unknown as ServerUnaryCall<object, string>, (error, reply) =>
      resolve({ error: error as Partial<ServiceError> | null, reply, worked, warned }),
    );
  });
}

const inTime = () => Date.now() + 60_000;

t.test('a call whose deadline has passed is rejected without any work', async (t) => {
  const past = Date.now() - 1;
  for (const deadline of [past, new Date(past)])
    t.match(await answer(deadline, async () => 'late'), { error: { code: status.DEADLINE_EXCEEDED }, worked: false });
});

t.test('calls before their deadline and without a deadline are answered', async (t) => {
  for (const deadline of [inTime(), new Date(inTime()), Number.POSITIVE_INFINITY])
    t.match(await answer(deadline, async () => 'reply'), { error: null, reply: 'reply' });
});

t.test('an error that may be retried is UNAVAILABLE, a bug is INTERNAL', async (t) => {
  const failing = async (error: Error) => (await answer(inTime(), () => Promise.reject(error))).error?.code;
  const fromServer = (errno: number, sqlState: string) =>
    Object.assign(new Error('said the server'), { errno, sqlState });
  const passing: Error[] = [
    new DeadlineError('too late'),
    new ConnectionError('no connection'),
    Object.assign(new Error('time is up'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }),
    Object.assign(new Error('gone'), { code: 'ECONNRESET', errno: -104, fatal: true }),
    Object.assign(new Error('closed state'), { fatal: true }),
    ...[fromServer(1205, 'HY000'), fromServer(1213, '40001'), fromServer(1203, '42000'), fromServer(1062, '23000')],
  ];
  for (const error of passing) t.equal(await failing(error), status.UNAVAILABLE, String(error));
  const bugs: Error[] = [
    new TypeError('undefined is not a function'),
    Object.assign(new Error('no such file'), { code: 'ENOENT', errno: -2 }),
    ...[fromServer(1064, '42000'), fromServer(1146, '42S02'), fromServer(1054, '42S22'), fromServer(1366, '22007')],
  ];
  for (const error of bugs) t.equal(await failing(error), status.INTERNAL, String(error));
  t.equal(await failing(new QueueFullError('full')), status.RESOURCE_EXHAUSTED);
});

t.test('a synchronous exception is answered too', async (t) => {
  const { error } = await answer(inTime(), () => {
    throw new TypeError('a bug');
  });
  t.equal(error?.code, status.INTERNAL);
});

t.test('an unexpected error reveals nothing to the caller', async (t) => {
  const { error, warned } = await answer(inTime(), () => Promise.reject(new Error('Access denied for user root')));
  t.equal(error?.code, status.INTERNAL);
  t.notMatch(error?.details, /root/);
  t.match(warned, [{ err: { message: /root/ }, rpc: '/test' }], 'it is logged');
});

t.test('an error with its own status keeps it', async (t) => {
  const { error } = await answer(inTime(), () =>
    Promise.reject(new CallError('STOCK_NOT_FOUND', 'stock 7 does not exist')),
  );
  t.match(error, { code: status.NOT_FOUND, details: 'stock 7 does not exist' });
});

t.test('an invalid field is named, with its description', async (t) => {
  const wrong = new InvalidFieldError('kind', "'a: b' is neither sale nor ladder: choose");
  const { error } = await answer(inTime(), () => Promise.reject(wrong));
  t.equal(error?.code, status.INVALID_ARGUMENT);
  t.same(violatedFields(error as ServiceError), ['kind']);
  const [details] = (error as ServiceError).metadata.get('grpc-status-details-bin');
  // Once in the message, and once in the description of the field.
  t.equal(String(details).split("'a: b' is neither sale nor ladder: choose").length, 3);
});

t.test('the warning of a failed call has the ids of its HTTP request', async (t) => {
  const metadata = new Metadata();
  metadata.set('x-request-id', 'click-1');
  metadata.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  const { warned } = await answer(inTime(), () => Promise.reject(new Error('bug')), metadata);
  t.match(warned, [{ rpc: '/test', requestId: 'click-1', traceId: '0af7651916cd43dd8448eb211c80319c' }]);
});
