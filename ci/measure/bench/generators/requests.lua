-- Script for wrk. With a file of tokens, each request has the token of the next line; all lines have the same length.
-- Arguments: method, paths (separated by commas, used in turn), header lines or "", file or "", bytes of a line, first line, lines,
-- threads, consecutive requests to a path. Prints what report.lua says. A thread ends when its lines are used up.

dofile(debug.getinfo(1, 'S').source:match('^@(.*/)') .. 'report.lua')

function init(args)
  heads = {}
  for path in args[2]:gmatch('[^,]+') do
    table.insert(heads, args[1] .. ' ' .. path .. ' HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n' .. args[3])
  end
  used_up = 0
  sent = 0
  requests_per_path = tonumber(args[9])
  if args[4] ~= '' then
    local share = math.floor(tonumber(args[7]) / tonumber(args[8]))
    next_line = tonumber(args[6]) + index * share
    last_line = next_line + share
    tokens = assert(io.open(args[4], 'r'))
    tokens:seek('set', next_line * tonumber(args[5]))
  end
end

function request()
  local head = heads[math.floor(sent / requests_per_path) % #heads + 1]
  sent = sent + 1
  if not tokens then return head .. '\r\n' end
  if next_line >= last_line then
    used_up = 1
    wrk.thread:stop()
  end
  next_line = next_line + 1
  return head .. 'Authorization: Bearer ' .. (tokens:read('*l') or '') .. '\r\nIdempotency-Key: "' .. next_line .. '"\r\nIdempotency-Attempt: 1\r\n\r\n'
end
