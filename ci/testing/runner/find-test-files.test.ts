import t from 'tap';
import { findTestFiles } from './find-test-files.ts';

t.test('a folder is replaced by its test files', async (t) => {
  const found = findTestFiles(['ci']);
  t.ok(found.includes('ci/testing/runner/find-test-files.test.ts'));
  t.equal(found.filter((file) => !file.endsWith('.test.ts')).length, 0);
});

t.test('a file that is not a test is refused', async (t) => {
  t.throws(() => findTestFiles(['ci/bin/stop.ts']), { message: /neither a folder nor a \*\.test\.ts file/ });
});

t.test('options are passed to tap unchanged', async (t) => {
  t.same(findTestFiles(['--bail']), ['--bail']);
});
