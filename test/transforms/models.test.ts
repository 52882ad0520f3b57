import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../connectors/engines/engine.ts';
import { allSteps } from '../../transforms/all-steps.ts';
import { lintModels } from '../../transforms/lint-model.ts';
import { loadModels } from '../../transforms/load-models.ts';
import { orderSteps } from '../../transforms/order-steps.ts';
import type { Step } from '../../transforms/step.ts';
import { openOn } from './both-engines.ts';

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-models-'));
  engine = await openOn('duckdb');
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

let made = 0;

/** A folder of its own with these models: `value/scores` → text of the file. */
async function models(files: Record<string, string>): Promise<string> {
  const own = join(folder, String(made++));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(own, name.split('/')[0] ?? ''), { recursive: true });
    await writeFile(join(own, `${name}.sql`), text);
  }
  return own;
}

const header = (columns: readonly string[], more = '') => `/*
comment: a table of the test
grain: one thing
key: ${columns[0]}
${more}columns:
${columns.map((column) => `  ${column}: what it is`).join('\n')}
*/
`;

async function load(files: Record<string, string>): Promise<Step[]> {
  return loadModels(await models(files));
}

describe('loading models', () => {
  it('takes schema and table from folder and file, and what it reads from its SQL', async () => {
    const [step] = await load({
      'value/scores': `${header(['a'])}
with parts as (select m.a from value.metrics as m), named as (select parts.a from parts)
select named.a from named
where exists (select 1 from customers.customers as c where c.a = named.a)
union all select w.a from (select a from settings.run) as w;
`,
    });
    expect(step?.table).toEqual({ schema: 'value', table: 'scores' });
    expect(step?.needs).toEqual(['customers.customers', 'settings.run', 'value.metrics']);
    expect(step?.header).toMatchObject({ grain: 'one thing', key: ['a'] });
  });

  it.each<[string, string, string, RegExp]>([
    ['no header', 'select 1 as a', '1:1', /block comment/],
    ['YAML that is none', '/*\ncomment: [\n*/ select 1 as a', '3:1', /not YAML/],
    [
      'an unknown key of the header',
      `${header(['a'], 'grian: x\n')}select 1 as a`,
      '5:1',
      /does not exist: grian/,
    ],
    [
      'a key that is no column',
      `${header(['a']).replace('key: a', 'key: b')}select 1 as a`,
      '4:1',
      /key column b/,
    ],
    [
      'a test that is none',
      `${header(['a'], 'tests: [{ uniq: a }]\n')}select 1 as a`,
      '5:9',
      /tests.0 is no test/,
    ],
    ['broken SQL', `${header(['a'])}select 1 as a\nfrom (`, '9:7', /syntax error/],
    ['two statements', `${header(['a'])}select 1 as a; select 2 as a`, '1:1', /more than one statement/],
    ['another statement', `${header(['a'])}drop table x`, '1:1', /not a SELECT/],
    ['a table without schema', `${header(['a'])}select a\nfrom scores`, '9:6', /scores has no schema/],
  ])('refuses %s with its place', async (_, text, place, message) => {
    const loading = load({ 'value/broken': text });
    await expect(loading).rejects.toMatchObject({
      code: 'WC-MODEL-001',
      message: expect.stringMatching(message),
      where: expect.stringMatching(new RegExp(`broken\\.sql:${place}$`)),
    });
  });
});

describe('the order of a run', () => {
  const model = (from?: string) =>
    `${header(['a'])}select 1 as a${from === undefined ? '' : ` from ${from}`}`;
  const names = (steps: readonly Step[]) => steps.map(({ table }) => `${table.schema}.${table.table}`);

  it('builds what is read before what reads it, and by name otherwise', async () => {
    const steps = await load({
      'customers/a': model('value.z'),
      'value/b': model('entities.accounts'),
      'value/c': model('customers.a, value.b'),
      'value/z': model('raw.shop__orders'),
    });
    expect(names(orderSteps(steps))).toEqual(['value.z', 'customers.a', 'value.b', 'value.c']);
    expect(names(orderSteps([...steps].reverse()))).toEqual(names(orderSteps(steps)));
  });

  it('names the models that depend on each other', async () => {
    const steps = await load({
      'value/a': model('value.b'),
      'value/b': model('value.c'),
      'value/c': model('value.a'),
    });
    expect(() => orderSteps(steps)).toThrow(
      expect.objectContaining({
        code: 'WC-MODEL-003',
        message: expect.stringContaining('value.a → value.b → value.c → value.a'),
      }),
    );
  });

  it('suggests the table that was meant', async () => {
    const steps = await load({ 'value/a': model('value.scroes'), 'value/scores': model() });
    expect(() => orderSteps(steps)).toThrow(
      expect.objectContaining({ code: 'WC-MODEL-001', hint: 'did you mean `value.scores`?' }),
    );
  });
});

describe('building a model', () => {
  it('makes the table and says how many rows it has', async () => {
    const [step] = await load({
      'value/three': `${header(['a'])}select v as a from (values (1), (2), (3)) as t(v);\n`,
    });
    expect(await step?.build(engine)).toBe(3);
    expect(await engine.query('select sum(a) as total from value.three')).toEqual([{ total: '6' }]);
  });

  it('tells file and line when the engine refuses it', async () => {
    const [step] = await load({ 'value/wrong': `${header(['a'])}select\n  1 as a\nfrom value.not_there` });
    await expect(step?.build(engine)).rejects.toMatchObject({
      code: 'WC-MODEL-002',
      message: expect.stringContaining('not_there'),
      where: expect.stringMatching(/wrong\.sql:10$/),
    });
  });

  it('holds it to the columns of its header', async () => {
    const [step] = await load({ 'value/columns': `${header(['a', 'b'])}select 1 as a, 2 as c` });
    await expect(step?.build(engine)).rejects.toMatchObject({
      code: 'WC-MODEL-001',
      message: 'value.columns: the header does not describe c; the SELECT does not give b',
    });
    const [swapped] = await load({ 'value/columns': `${header(['a', 'b'])}select 1 as b, 2 as a` });
    await expect(swapped?.build(engine)).rejects.toMatchObject({
      code: 'WC-MODEL-001',
      message: expect.stringContaining('different orders'),
    });
  });
});

describe('the models of this package', () => {
  it('keep the rules of the common dialect', async () => {
    const broken = (await lintModels()).map(({ where, message }) => `${where} ${message}`);
    expect(broken).toEqual([]);
  });

  it('read only what is given or made, without a circle', async () => {
    const steps = await allSteps();
    expect(orderSteps(steps)).toHaveLength(steps.length);
  });
});
