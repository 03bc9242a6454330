-- Takes a token from the stock's bucket and from a buyer's, or from neither; for many buyers, in their order.
-- KEYS[1] the stock's bucket   KEYS[2..] a buyer's bucket for each order
-- ARGV    tokens per second and maximum number of tokens of the stock's bucket, then of each buyer's
-- Returns three numbers for each order: 0 (taken), 1 (the buyer's bucket is empty) or 2 (the stock's is empty); the milliseconds to
-- wait; and the buyer's remaining tokens.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

-- A bucket is a string: its number of tokens, and the time of that number.
local function read(bucket, rate, burst)
  local held = redis.call('GET', bucket)
  if not held then return burst end
  local tokens, at = string.match(held, '^(%S+) (%S+)$')
  if not tokens then return burst end
  return math.min(burst, tonumber(tokens) + math.max(0, now - tonumber(at)) * rate / 1000)
end

local function write(bucket, tokens, rate, burst)
  local text = string.format('%.3f %.3f', tokens, now)
  redis.call('SET', bucket, text, 'PX', math.ceil(burst * 1000 / rate) + 1000)
end

local stock_rate, stock_burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local of_stock = read(KEYS[1], stock_rate, stock_burst)
local taken = 0
local answers = {}

for i = 2, #KEYS do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local of_buyer = read(KEYS[i], rate, burst)
  local refused, wait = 0, 0
  if of_buyer < 1 then
    refused, wait = 1, math.ceil((1 - of_buyer) * 1000 / rate)
  elseif of_stock < 1 then
    refused, wait = 2, math.ceil((1 - of_stock) * 1000 / stock_rate)
  else
    of_buyer, of_stock, taken = of_buyer - 1, of_stock - 1, taken + 1
    write(KEYS[i], of_buyer, rate, burst)
  end
  local at = 3 * (i - 2)
  answers[at + 1], answers[at + 2], answers[at + 3] = refused, wait, math.floor(of_buyer)
end
if taken > 0 then write(KEYS[1], of_stock, stock_rate, stock_burst) end
return answers
