-- Takes a token from each of several buckets, or from none.
-- KEYS the buckets   ARGV for each bucket: tokens per second, most tokens in it
-- Returns {0, 0, tokens left in the first}, or {n, milliseconds to wait, tokens left in the first} when bucket n is empty.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local tokens = {}
local refused, wait = 0, 0

for i, bucket in ipairs(KEYS) do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local held = redis.call('HMGET', bucket, 'tokens', 'at')
  local have, at = tonumber(held[1]) or burst, tonumber(held[2]) or now
  tokens[i] = math.min(burst, have + math.max(0, now - at) * rate / 1000)
  if tokens[i] < 1 and refused == 0 then
    refused, wait = i, math.ceil((1 - tokens[i]) * 1000 / rate)
  end
end
if refused == 0 then
  for i, bucket in ipairs(KEYS) do
    local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    tokens[i] = tokens[i] - 1
    redis.call('HSET', bucket, 'tokens', tostring(tokens[i]), 'at', string.format('%.3f', now))
    redis.call('PEXPIRE', bucket, math.ceil(burst * 1000 / rate) + 1000)
  end
end
return {refused, wait, math.floor(tokens[1])}
