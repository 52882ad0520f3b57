import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../config/package-root.ts';
import { publishedTables, warehouseDocs } from '../../jobs/published-tables.ts';

describe('docs/tables.md', () => {
  it('is what the headers of the models say', async () => {
    expect(await readFile(join(packageRoot(), 'docs', 'tables.md'), 'utf8')).toBe(await warehouseDocs());
  });

  it('has a section for every table that is published', async () => {
    const page = await warehouseDocs();
    for (const { name } of await publishedTables()) expect(page).toContain(`\n## ${name}\n`);
  });
});

describe('the published tables', () => {
  it('have a comment on every table and every column, as a sentence', async () => {
    for (const { comment, columnComments } of await publishedTables()) {
      expect(comment).toMatch(/\. One row: .+\.$/);
      for (const text of Object.values(columnComments)) expect(text).not.toBe('');
    }
  });

  it('keep the names that analysts rely on', async () => {
    expect((await publishedTables()).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'customers',
        'customer_accounts',
        'customer_ids',
        'customer_value',
        'customer_value_parts',
        'whale_curve',
        'purchases',
        'payments',
        'returns',
        'tickets',
        'campaign_responses',
        'interactions',
        'quarantine',
        'checks',
        'runs',
        'run_tables',
      ]),
    );
  });
});
