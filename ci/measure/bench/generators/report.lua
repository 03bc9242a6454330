-- For scripts of wrk: numbers the threads from 0 (`index`), and prints one line of JSON at the end. A thread whose requests do not suffice
-- sets `used_up` to 1; it must be 0 before.

local threads = {}

function setup(thread)
  thread:set('index', #threads)
  table.insert(threads, thread)
end

function done(summary, latency)
  local out = 0
  for _, thread in ipairs(threads) do out = out + thread:get('used_up') end
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"refused":%d,"broken":%d,"usedUp":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d}\n',
    summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    out, latency:percentile(50), latency:percentile(99), latency.max))
end
