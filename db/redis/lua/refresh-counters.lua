-- Sets the counters to what was read from MySQL, unless they have that version or a newer one.
-- KEYS[1] the counters   ARGV[1] count   ARGV[2] sale   ARGV[3] version   ARGV[4] expiry time in milliseconds
-- Returns 1 when it wrote, else 0.
local counters, count, sale, version, keep = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local held = tonumber(redis.call('HGET', counters, 'version'))
if held and held >= tonumber(version) then
  return 0
end
redis.call('HSET', counters, 'count', count, 'sale', sale, 'version', version)
redis.call('PEXPIRE', counters, keep)
return 1
