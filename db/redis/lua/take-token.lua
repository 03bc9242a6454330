-- Takes a token from a bucket.
-- KEYS[1] the bucket   KEYS[2] a key that holds another rate, or does not exist
-- ARGV[1] tokens per second   ARGV[2] maximum number of tokens in the bucket
-- Returns 0 when a token was taken, else the milliseconds until the next one.
local bucket, override = KEYS[1], KEYS[2]
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])

local other = tonumber(redis.call('GET', override))
if other then
  rate, burst = other, other
end
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local held = redis.call('HMGET', bucket, 'tokens', 'at')
local tokens, at = tonumber(held[1]) or burst, tonumber(held[2]) or now

tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000)
local wait = 0
if tokens >= 1 then
  tokens = tokens - 1
else
  wait = math.ceil((1 - tokens) * 1000 / rate)
end
redis.call('HSET', bucket, 'tokens', tostring(tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', bucket, math.ceil(burst * 1000 / rate) + 1000)
return wait
