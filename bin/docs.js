// `npm run docs`: writes the pages of docs/ that are made from the code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './ensure-installed.js';

ensureInstalled();
ensureBuilt();
const { errorDocs } = await import('../dist/config/error-docs.js');
const { warehouseDocs } = await import('../dist/jobs/published-tables.js');
writeFileSync(join(root, 'docs', 'errors.md'), errorDocs());
writeFileSync(join(root, 'docs', 'tables.md'), await warehouseDocs());
