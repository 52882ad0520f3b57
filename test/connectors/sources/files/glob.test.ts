import { describe, expect, it } from '@jest/globals';
import { globPattern, isGlob } from '../../../../connectors/sources/files/glob.ts';

describe('a glob', () => {
  it.each([
    ['*.csv', ['a.csv', 'b.x.csv'], ['sub/a.csv', '.hidden.csv', 'a.csv.gz']],
    ['**/*.csv', ['a.csv', 'sub/a.csv', 'sub/more/a.csv'], ['.git/a.csv', 'a.tsv']],
    ['sub/**', ['sub/a', 'sub/more/a.csv'], ['sub', 'other/a']],
    ['2024-??.csv', ['2024-01.csv'], ['2024-1.csv', '2024-001.csv', '2024-0/.csv']],
    ['{a,b*}.csv', ['a.csv', 'b.csv', 'bcd.csv'], ['c.csv', '{a,b*}.csv']],
    ['a+(1).[x].csv*', ['a+(1).[x].csv', 'a+(1).[x].csv.gz'], ['aa1.x.csv']],
  ])('%s matches what a shell would match', (glob, matching, others) => {
    const pattern = globPattern(glob);
    expect(matching.filter((name) => !pattern.test(name))).toEqual([]);
    expect(others.filter((name) => pattern.test(name))).toEqual([]);
  });

  it('is told from a plain name', () => {
    expect([isGlob('a[1].csv'), isGlob('*.csv'), isGlob('a?.csv'), isGlob('{a,b}.csv')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
