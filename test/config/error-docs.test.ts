import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../config/error-codes.ts';
import { errorDocs } from '../../config/error-docs.ts';
import { packageRoot } from '../../config/package-root.ts';

describe('docs/errors.md', () => {
  it('is what config/error-codes.ts says', async () => {
    expect(await readFile(join(packageRoot(), 'docs', 'errors.md'), 'utf8')).toBe(errorDocs());
  });

  it('has every code with its meaning and what to do', () => {
    const docs = errorDocs();
    for (const [code, { meaning, remedy }] of Object.entries(errorCodes)) {
      expect(docs).toContain(`### ${code}\n\n${meaning}\n\n${remedy}\n`);
    }
  });
});
