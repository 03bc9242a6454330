import t from 'tap';
import { parseMetrics, sumOf } from './parse-metrics.ts';

t.test('the samples of an exposition are summed by their labels', async (t) => {
  const samples = parseMetrics(`# HELP decisions Orders decided
# TYPE decisions counter
decisions{decision="CONFIRMED",decided_by="log"} 3
decisions{decision="SOLD_OUT",decided_by="log"} 4.5
decisions{decision="CONFIRMED",decided_by="direct"} 1
decisions_known 7
`);
  t.equal(samples.length, 4);
  t.equal(sumOf(samples, 'decisions', { decided_by: 'log' }), 7.5);
  t.equal(sumOf(samples, 'decisions'), 8.5);
  t.equal(sumOf(samples, 'decisions_known'), 7);
  t.equal(sumOf(samples, 'nothing'), 0);
});
