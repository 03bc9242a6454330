import t from 'tap';
import { checkPage, keepPicture, openPage, startBrowser } from '../../ci/testing/pages/browser.ts';
import { startTestConsumer } from '../../ci/testing/servers/start-test-system.ts';
import { createTestRedis } from '../../ci/testing/servers/test-redis.ts';

const MAX_BYTES = 200_000;

// The page needs no provider.
const url = await startTestConsumer(t, { redisUrl: await createTestRedis(t) }, [9], {
  DEMO: 'on',
  CALL_DEADLINE_MS: '500',
});
const browser = await startBrowser(t);

t.test('the page of the API is small, ours and accessible', async (t) => {
  // axe takes seconds for a page of this length.
  for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark', phone: true }] as const) {
    const { page, complaints, receivedBytes } = await openPage(t, browser, look);
    await page.goto(`${url}/docs`);
    t.match(await page.title(), 'Flash sale');
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    await checkPage(t, page, complaints(), look.colorScheme);
    t.ok(receivedBytes() > 0 && receivedBytes() <= MAX_BYTES, `${look.colorScheme}: ${receivedBytes()} bytes`);
    await keepPicture(page, `reference-${look.colorScheme}`);
  }
});

t.test('it has every operation, problem and schema, and its links lead somewhere', async (t) => {
  const html = await (await fetch(`${url}/docs/`)).text();
  const { paths, components } = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
    components: { schemas: object; responses: object };
  };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const { operationId } of operations) t.ok(ids.has(operationId), operationId);
  for (const name of Object.keys(components.schemas)) t.ok(ids.has(`schema-${name}`), name);
  for (const code of Object.keys(components.responses).join('.').split('.')) t.match(html, `/problems/${code}"`, code);
  const links = new Set([...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id));
  t.same(
    [...links].filter((id) => !ids.has(id)),
    [],
  );
});

t.test('it loads nothing from other origins, and is sent as it is to a client without gzip', async (t) => {
  const plain = await fetch(`${url}/docs`, { headers: { 'accept-encoding': 'gzip;q=0' } });
  t.equal(plain.headers.get('content-encoding'), null);
  t.match(plain.headers.get('vary'), 'accept-encoding');
  t.match(plain.headers.get('content-security-policy'), "default-src 'none'");
  const html = await plain.text();
  for (const [, address = ''] of html.matchAll(/<link [^>]*href="([^"]+)"/g)) {
    t.equal((await fetch(new URL(address, url))).status, 200, address);
    t.match(address, /^\/docs\//);
  }
  t.notMatch(html, /<script|<style|style="/);
});
