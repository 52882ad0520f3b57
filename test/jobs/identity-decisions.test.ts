import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readDecisions } from '../../jobs/identity-decisions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-decisions-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string) {
  const file = join(folder, 'decisions.csv');
  await writeFile(file, text);
  return readDecisions(file, ['crm', 'shop']);
}

it('reads the decisions of a file, each with its line, and leaves further columns alone', async () => {
  const found = await read(
    '\uFEFFdecision,account,other_account,why\nmust_link,crm:1,"shop:a,b:2",seen the passport\ncannot_link,crm:1,crm:2,\n',
  );
  expect(found).toEqual([
    {
      decision: 'must_link',
      account: 'crm:1',
      otherAccount: 'shop:a,b:2',
      where: join(folder, 'decisions.csv:2'),
    },
    {
      decision: 'cannot_link',
      account: 'crm:1',
      otherAccount: 'crm:2',
      where: join(folder, 'decisions.csv:3'),
    },
  ]);
});

it.each([
  ['decision,account\n', 'the decisions lack the column other_account', 1],
  ['decision,account,other_account\nmerge,crm:1,crm:2\n', '`merge` is no decision', 2],
  ['decision,account,other_account\nmust_link,crm:1,2\n', '`2` is no account', 2],
  ['decision,account,other_account\nmust_link,crm:1,crm:\n', '`crm:` is no account', 2],
  ['decision,account,other_account\nmust_link,erp:1,crm:2\n', '`erp:1` names no source of the config', 2],
  ['decision,account,other_account\nmust_link,crm:1,crm:1\n', '`crm:1` stands on both sides', 2],
])('refuses %j: %s', async (text, message, line) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'WC-FILE-002',
    message,
    where: join(folder, `decisions.csv:${line}`),
  });
});

it('says that the file is not there', async () => {
  await expect(readDecisions(join(folder, 'none.csv'), [])).rejects.toMatchObject({ code: 'WC-FILE-001' });
});
