import t from 'tap';
import { findTestFiles } from './find-test-files.ts';

t.test('a folder stands for the tests in it and for nothing else', async (t) => {
  const found = findTestFiles(['ci']);
  t.ok(found.includes('ci/testing/runner/find-test-files.test.ts'));
  t.equal(found.filter((file) => !file.endsWith('.test.ts')).length, 0);
});

t.test('a file that is no test is not run as one', async (t) => {
  t.throws(() => findTestFiles(['ci/bin/stop.ts']), { message: /neither a folder nor a \*\.test\.ts file/ });
});

t.test('options go on to tap as they are', async (t) => {
  t.same(findTestFiles(['--bail']), ['--bail']);
});
