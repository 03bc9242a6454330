-- Stores a loaded stock, if its loader still holds the claim. While Redis is frozen a command can stay in its buffer for seconds; the
-- claim has then expired, and the read is too old.
-- KEYS[1] the stock   KEYS[2] the claim of its loader
-- ARGV[1] the loader   ARGV[2] the stock's JSON   ARGV[3] milliseconds that it is fresh
-- Returns 1 when it was stored, 0 when it came too late.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
