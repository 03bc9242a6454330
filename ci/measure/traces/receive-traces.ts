import { createServer } from 'node:http';

// A collector in a process of its own. It reads what arrives and keeps nothing. GET answers with the number of spans.

let spans = 0;

createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  if (request.method === 'POST') spans += text.split('"spanId":').length - 1;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(request.method === 'POST' ? '{}' : JSON.stringify(spans));
}).listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
