-- Keeps a stock that was loaded, if its loader still is the one that loads it. A command may lie in Redis' buffer for seconds,
-- while Redis is frozen: by then the loader's time is over, and the read is too old.
-- KEYS[1] the stock   KEYS[2] who loads it
-- ARGV[1] the loader   ARGV[2] the stock's JSON   ARGV[3] milliseconds that it is fresh
-- Returns 1 when it was kept, 0 when it came too late.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
