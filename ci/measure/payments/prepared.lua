-- Script for wrk: sends prepared requests, each once. Arguments: file. The file has, for each request, a line with its number of bytes and
-- then these bytes. Prints what report.lua says. wrk ends when the requests are used up.

dofile(debug.getinfo(1, 'S').source:match('^@(.*/)') .. '../bench/generators/report.lua')

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
