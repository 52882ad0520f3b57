import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../config/error-codes.ts';
import { packageRoot } from '../../config/package-root.ts';

describe('error codes', () => {
  it('are each provoked by a test that names the code', async () => {
    const folder = join(packageRoot(), 'test');
    const files = await readdir(folder, { recursive: true });
    const texts = await Promise.all(
      files.filter((file) => file.endsWith('.test.ts')).map((file) => readFile(join(folder, file), 'utf8')),
    );
    const tests = texts.join('\n');
    expect(Object.keys(errorCodes).filter((code) => !tests.includes(code))).toEqual([]);
  });
});
