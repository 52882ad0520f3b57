import { expect, it } from '@jest/globals';
import { openSession } from '../../../../connectors/engines/duckdb/session.ts';
import { addBlockKeys } from '../../../../transforms/identity/pairwise/block-keys.ts';

it('a rule that would give too many pairs splits its large blocks by the second key, and says what is left out', async () => {
  const session = await openSession({ memoryLimit: '500MB', threads: 1 }, 'block-keys-test');
  const { connection } = session;
  try {
    await connection.run('create temp table block_keys (rule utinyint, key ubigint, node integer)');
    // 20 Smiths, 4 in each of 5 towns, 3 Joneses of unknown town, 6 Browns of unknown town.
    await connection.run(`create temp table accounts as
      select i::integer as node, 'smith' as family_name, 'town' || (i % 5)::varchar as city from range(20) as t (i)
      union all select 20 + i, 'jones', null from range(3) as t (i)
      union all select 30 + i, 'brown', null from range(6) as t (i)`);
    const rule = { name: 'family name', key: 'family_name', refine: 'city', uses: ['name'] };
    // 190 pairs of Smiths whole, 15 of Browns, 3 of Joneses; 5 x 6 = 30 pairs of Smiths by town.
    const all = await addBlockKeys(connection, rule, 0, { largestBlock: 100, pairs: 208 });
    expect(all).toMatchObject({ pairs: 208, largestBlock: 20, blocksLeftOut: 0, accountsLeftOut: 0 });
    const split = await addBlockKeys(connection, rule, 1, { largestBlock: 100, pairs: 50 });
    expect(split).toMatchObject({ pairs: 48, largestBlock: 6, blocksLeftOut: 0, accountsLeftOut: 0 });
    const fewer = await addBlockKeys(connection, rule, 2, { largestBlock: 100, pairs: 40 });
    expect(fewer).toMatchObject({ pairs: 33, largestBlock: 4, blocksLeftOut: 1, accountsLeftOut: 6 });
    const reader = await connection.runAndReadAll(
      `select l.rule, count(*) from block_keys as l
       inner join block_keys as r on l.rule = r.rule and l.key = r.key and l.node < r.node group by l.rule order by l.rule`,
    );
    expect(reader.getRows().map(([, pairs]) => Number(pairs))).toEqual([208, 48, 33]);
  } finally {
    await session.close();
  }
});
