-- Script for wrk: sends prepared requests, each once. Arguments: file. The file has, for each request, a line with its number of bytes and
-- then these bytes. Prints one line of JSON at the end. wrk ends when the requests are used up.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  used_up = 0
  file = assert(io.open(args[1], 'r'))
end

function request()
  local bytes = file:read('*n')
  if not bytes then
    used_up = 1
    wrk.thread:stop()
    return 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
  end
  file:read(1)
  return file:read(bytes)
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
