import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { type OpenedEngine, testEngines } from '../../engines/engines.ts';
import { requestOf, withSnapshot } from '../database-source.ts';
import { type Carried, carryTable } from './carry-table.ts';
import { typedServers } from './sources.ts';

const pairs = typedServers.flatMap((typed) =>
  testEngines.map((engine) => ({
    ...typed,
    ...engine,
    name: `${typed.server.name} into ${engine.engineName}`,
  })),
);

describe.each(pairs)('every type of $name', ({ server, groups, prepare, openEngine }) => {
  let database: TestDatabase;
  let engine: OpenedEngine;
  let carried: Carried;
  const cases = groups.flatMap((group) => group.cases);

  // One table with a column for each case: a table each would take minutes.
  beforeAll(async () => {
    database = await server.createDatabase();
    engine = await openEngine();
    const columns = cases.map(({ type }, index) => `value_${index} ${type}`);
    const most = Math.max(...cases.map(({ values }) => values.length));
    const rows = Array.from({ length: most }, (_, place) => {
      const values = cases.map(({ values }) => values[place] ?? 'null');
      return `(${[place, ...values].join(', ')})`;
    });
    await database.run(`${prepare}
      create table every_type (id integer primary key, ${columns.join(', ')});
      insert into every_type values ${rows.join(',\n')}`);
    const names = cases.map((_, index) => `value_${index}`);
    carried = await withSnapshot(server.sourceOf(database.url), (snapshot) =>
      carryTable(engine, snapshot, { ...requestOf('every_type', { key: ['id'] }, names), verify: 'rows' }),
    );
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  const named = cases.map((one, index) => ({
    ...one,
    index,
    name: `${one.type}: ${one.values.join(', ').slice(0, 60)}`,
  }));

  it.each(named)('carries $name', ({ index, raw, landed, warning }) => {
    const column = carried.landed.columns[index + 1];
    expect({ type: column?.type, warning: column?.warning }).toEqual({ type: raw, warning });
    const values = carried.rows.map((row) => row[`value_${index}`]);
    expect(values.slice(0, landed.length)).toEqual(landed);
  });

  it('adds up to what the source says, under verify: rows', () => {
    expect(carried.landed.totals).toEqual(carried.control);
    expect(carried.control.rowChecksum).not.toBeNull();
  });
});
