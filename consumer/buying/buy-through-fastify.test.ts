// The same tests for Fastify's route as for the direct handler.
const file = './buy-routes.test.ts?fastify';
await import(file);
