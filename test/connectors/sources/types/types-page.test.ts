import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { packageRoot } from '../../../../config/package-root.ts';
import { typesPage } from './types-page.ts';

// `npm run docs` sets the variable: the cases live with the tests, which the built package does not hold.
it('docs/types.md says what the tests of every type hold (`npm run docs` writes it)', async () => {
  const path = join(packageRoot(), 'docs', 'types.md');
  if (process.env.WHALECURVE_WRITE_DOCS !== undefined) await writeFile(path, typesPage());
  expect(await readFile(path, 'utf8')).toBe(typesPage());
});
