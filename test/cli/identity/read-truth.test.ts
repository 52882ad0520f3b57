import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandIo } from '../../../cli/command-io.ts';
import { readTruth } from '../../../cli/identity/read-truth.ts';
import { type ConfigFolder, makeConfigFolder } from '../../config/config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

async function truthOf(text: string | Buffer) {
  await writeFile(join(folder.path, 'truth.csv'), text);
  const io: CommandIo = {
    ...{ stdout: new Writable(), stderr: new Writable(), environment: {}, isTerminal: false },
    ...{ now: () => new Date(0), cwd: folder.path, secrets: [], endWith: () => {} },
  };
  return readTruth(io, 'truth.csv');
}

const crm1 = { source: 'crm', accountRef: '1' };
const shopA = { source: 'shop', accountRef: 'a:b' };

describe('a file of the truth', () => {
  it('may give each account its person, in one column or two, with commas, semicolons or tabs', async () => {
    const expected = { form: 'persons', accounts: [crm1, shopA], persons: ['p', 'p'] };
    expect(await truthOf('account,person\ncrm:1,p\nshop:a:b,p\n')).toEqual(expected);
    expect(await truthOf('\uFEFFSource;Account_Ref;True_Customer\r\ncrm;1;p\r\nshop;a:b;p\r\n')).toEqual(
      expected,
    );
    expect(await truthOf('cluster\taccount\np\tcrm:1\n\np\tshop:a:b\n')).toEqual(expected);
  });

  it('may pair accounts that are one customer: who hangs together is one person', async () => {
    const truth = await truthOf('account,other_account\ncrm:1,shop:a\nshop:a,desk:7\ncrm:2,shop:b\n');
    if (truth.form !== 'persons') throw new Error(truth.form);
    const [one, two, three, four, five] = truth.persons;
    expect([two, three]).toEqual([one, one]);
    expect([four === one, five === four]).toEqual([false, true]);
  });

  it('with a column same judges the pairs of the file alone', async () => {
    const truth = await truthOf(
      'account,other_account,same\ncrm:1,shop:a,yes\ncrm:1,crm:2,No\nshop:a,crm:1,1\n',
    );
    expect(truth).toMatchObject({
      form: 'pairs',
      pairs: [
        { one: 0, other: 1, isSame: true },
        { one: 0, other: 2, isSame: false },
      ],
    });
  });

  it('is refused with its line where it contradicts itself, or names no account (WC-FILE-002)', async () => {
    await expect(truthOf('account,person\ncrm:1,"p\nq"\ncrm:2,p\ncrm:1,r\n')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'crm:1 is r here and p\nq in line 2',
      where: 'truth.csv:5',
    });
    await expect(
      truthOf('account,other_account,same\ncrm:1,crm:2,yes\ncrm:2,crm:1,no\n'),
    ).rejects.toMatchObject({
      where: 'truth.csv:3',
    });
    await expect(truthOf('account,person\n1,p\n')).rejects.toMatchObject({
      message: '`1` is no account',
      where: 'truth.csv:2',
    });
    await expect(truthOf('source,account_ref,person\ncrm,,p\n')).rejects.toMatchObject({
      message: 'no account_ref',
      where: 'truth.csv:2',
    });
    await expect(truthOf('account,other_account,same\ncrm:1,crm:2,maybe\n')).rejects.toMatchObject({
      message: '`maybe` is neither yes nor no',
    });
  });

  it('in no known form is refused with the columns that it should have', async () => {
    await expect(truthOf('id,name\n1,p\n')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'truth.csv:1',
      hint: expect.stringContaining('account,person'),
    });
    await expect(truthOf('')).rejects.toMatchObject({ message: 'the file is empty' });
    await expect(truthOf('account,person\ncrm:1,p,q\n')).rejects.toMatchObject({ where: 'truth.csv:2' });
  });

  it('of Windows is read as it was written', async () => {
    const truth = await truthOf(Buffer.from('account,person\ncrm:Zo\xeb,p\n', 'latin1'));
    expect(truth.accounts).toEqual([{ source: 'crm', accountRef: 'Zoë' }]);
  });
});
