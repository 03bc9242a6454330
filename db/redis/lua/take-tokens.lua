-- Takes a token from a stock's bucket and from a buyer's, or from neither; for many orders, in their order.
-- KEYS    the buckets of the stocks, then a buyer's bucket for each order
-- ARGV    the number of stocks; tokens per second and maximum number of tokens of a stock's bucket; the same of a buyer's; then for each
--         order the number of its stock, from 1
-- Returns three numbers for each order: 0 (taken), 1 (the buyer's bucket is empty) or 2 (the stock's is empty); the milliseconds to
-- wait; and the buyer's remaining tokens.
local stocks = tonumber(ARGV[1])
local stock_rate, stock_burst = tonumber(ARGV[2]), tonumber(ARGV[3])
local buyer_rate, buyer_burst = tonumber(ARGV[4]), tonumber(ARGV[5])
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

local of_stock, taken = {}, {}
for stock = 1, stocks do
  of_stock[stock], taken[stock] = read(KEYS[stock], stock_rate, stock_burst), 0
end

local answers = {}
for order = 1, #KEYS - stocks do
  local bucket, stock = KEYS[stocks + order], tonumber(ARGV[5 + order])
  local of_buyer = read(bucket, buyer_rate, buyer_burst)
  local refused, wait = 0, 0
  if of_buyer < 1 then
    refused, wait = 1, math.ceil((1 - of_buyer) * 1000 / buyer_rate)
  elseif of_stock[stock] < 1 then
    refused, wait = 2, math.ceil((1 - of_stock[stock]) * 1000 / stock_rate)
  else
    of_buyer, of_stock[stock], taken[stock] = of_buyer - 1, of_stock[stock] - 1, taken[stock] + 1
    write(bucket, of_buyer, buyer_rate, buyer_burst)
  end
  local at = 3 * (order - 1)
  answers[at + 1], answers[at + 2], answers[at + 3] = refused, wait, math.floor(of_buyer)
end
for stock = 1, stocks do
  if taken[stock] > 0 then write(KEYS[stock], of_stock[stock], stock_rate, stock_burst) end
end
return answers
