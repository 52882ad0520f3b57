// `npm run docs`: writes the pages of docs/ that are made from the code.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure-installed.js';

ensureInstalled();
ensureBuilt();
const { errorDocs } = await import('../dist/config/error-docs.js');
const { warehouseDocs } = await import('../dist/jobs/published-tables.js');
writeFileSync(join(root, 'docs', 'errors.md'), errorDocs());
writeFileSync(join(root, 'docs', 'tables.md'), await warehouseDocs());
// The cases of this page are those of the tests, which write it when they are told to.
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    'test/connectors/sources/types/types-page.test.ts',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, WHALECURVE_WRITE_DOCS: '1' } },
);
process.exitCode = status ?? 1;
