import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Papa from 'papaparse';
import { engines } from '../pipelines/workplace.ts';
import { type MatchedCompany, matchedCompany } from './matched-company.ts';

// Kate and Katherine moved, Alan has but his name and address in the shop, Mary's name is misspelt there.
const truth = `account,person
crm:1,ada
shop:a,ada
crm:2,grace
shop:b,grace
crm:3,katherine
shop:c,katherine
crm:4,alan
shop:d,alan
crm:5,joan
shop:z,joan
`;

describe.each(engines)('the commands of identity on %s', (engine) => {
  let company: MatchedCompany;
  beforeAll(async () => {
    company = await matchedCompany(engine);
    await company.write({ 'truth.csv': truth });
  });
  afterAll(() => company?.remove());

  const json = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await company.command(...words, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  const customerOf = async (account: string): Promise<string> => {
    const [source, ref] = account.split(':');
    const [row] = await company.query(
      'state',
      `select customer_id from identity.members where source = '${source}' and account_ref = '${ref}'`,
    );
    return String(row?.customer_id);
  };

  it('identity model says what each agreement is worth, and that twelve accounts teach nothing', async () => {
    const { stdout } = await company.command('identity', 'model');
    expect(stdout).toMatch(/^Assumed, not learned, for 12 accounts by r_\S+, as of 2026-06-30\n/);
    expect(stdout).toContain('fewer than 300 accounts');
    expect(stdout).toMatch(/cut: 8\.00 bits, probability \.9961/);
    // Two links, and both agree on the birth date.
    expect(stdout).toMatch(
      /date_of_birth +equal +[\d.]+ % +[\d.]+ % +\d+\.\d\d +-?\d+\.\d\d +· +100 % +assumed/,
    );
    const model = await json('identity', 'model');
    expect(model).toMatchObject({ kind: 'assumed', accounts: 12, links: 2, cut: 8 });
  });

  it('identity blocking says that so few accounts are all compared with each other: 12 · 11 / 2', async () => {
    const { stdout } = await company.command('identity', 'blocking');
    expect(stdout).toMatch(/all pairs +66 +66 +12 +0 +0/);
    expect(await json('identity', 'blocking')).toMatchObject([{ rule: 'all pairs', pairs: '66' }]);
  });

  it('identity evaluate measures the customers against a truth, and names what was missed by its keys alone', async () => {
    const evaluation = await json('identity', 'evaluate', '--truth', 'truth.csv');
    expect(evaluation).toMatchObject({
      form: 'persons',
      accounts: {
        given: 10,
        known: 9,
        unknown: [{ source: 'shop', accounts: 1, examples: ['shop:z'] }],
        notJudged: 3,
      },
      pairs: { found: 2, true: 4, right: 2 },
      pairwise: { precision: 1, recall: 0.5 },
      // {crm:1 shop:a} {crm:2 shop:b} {crm:5} are whole; found are seven, true are five.
      customers: { cluster: { precision: 3 / 7, recall: 3 / 5 }, largestFound: 2 },
      missed: [{ reason: 'below the threshold', pairs: 2 }],
      wrong: [],
    });
    const present = evaluation.thresholds.find((at: { isPresent: boolean }) => at.isPresent);
    expect(present).toMatchObject({ bits: 8, pairwise: evaluation.pairwise, customers: 7, largest: 2 });
    const [lowest] = evaluation.thresholds;
    expect(lowest).toMatchObject({ pairwise: { recall: 1 }, customers: 5 });
  });

  it('identity train --dry-run says what it would change, and changes nothing', async () => {
    const before = await company.query('state', 'select * from identity.model');
    const training = await json('identity', 'train', '--dry-run');
    expect(training).toMatchObject({ isTrial: true, after: { kind: 'assumed', accounts: 12 } });
    expect(await company.query('state', 'select * from identity.model')).toEqual(before);
  });

  it('explain shows two accounts side by side, with evidence that adds up to that of their link', async () => {
    const explained = await json('explain', 'shop:a', 'crm:1');
    const [link] = await company.query(
      'state',
      "select evidence from identity.links where account_ref = '1' and other_account_ref = 'a'",
    );
    expect(explained).toMatchObject({ isOneCustomer: true, decision: 'certain', rule: 'email_and_name' });
    expect(explained.evidence).toBeCloseTo(Number(link?.evidence), 3);
    const steps: { weight: number; rarity: number }[] = explained.steps;
    const sum = steps.reduce((bits, { weight, rarity }) => bits + weight + rarity, explained.priorBits);
    expect(sum + explained.relativesBits).toBeCloseTo(explained.evidence, 1);
    const { stdout } = await company.command('explain', 'crm:1', 'shop:a');
    expect(stdout).toMatch(
      /^crm:1 and shop:a are one customer, c_[0-9a-f]{16}\n {2}the rule email_and_name links them/,
    );
    expect(stdout).toMatch(/email +equal +ada@example\.org +ada@example\.org +\+\d+\.\d\d/);
  });

  it('explain refuses an account that no run has seen, and the same one twice', async () => {
    const unknown = await company.command('explain', 'crm:1', 'crm:77');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no account crm:77'),
    ]);
    const same = await company.command('explain', 'crm:1', 'crm:1');
    expect(same.stderr).toContain('WC-USAGE-001 crm:1 and crm:1 are the same account');
  });

  it('review writes the undecided pairs, the most valuable customers first, and no formula for a spreadsheet', async () => {
    const { stdout } = await company.command('review', '--out', 'review.csv');
    expect(stdout).toContain('3 undecided pairs in review.csv');
    const text = await readFile(join(company.folder, 'review.csv'), 'utf8');
    const { data } = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), {
      header: true,
      skipEmptyLines: true,
    });
    const pairs = data.map(({ account, other_account: other }) => `${account} ${other}`);
    expect(pairs).toEqual(['crm:4 shop:d', 'crm:3 shop:c', 'crm:6 shop:e']);
    expect(data[0]).toMatchObject({
      decision: '',
      full_name: 'Alan Turing',
      other_email: 'a.turing@example.net',
    });
    expect(text).toContain(`'=Mary Sommerville`);
    expect(text).not.toMatch(/[,\n]"?=/);
    const again = await company.command('review', '--out', 'review.csv');
    expect(again.stderr).toContain('WC-USAGE-002 review.csv is there already');
  });

  it('review refuses, with their lines, unknown accounts and decisions that contradict each other', async () => {
    await company.write({
      'unknown.csv':
        'decision,account,other_account\n,crm:88,crm:99\nsame,crm:1,"crm:\n77"\nsame,crm:4,web:1\n',
      'contradictory.csv':
        'decision,account,other_account\nsame,crm:4,shop:d\nsame,crm:5,shop:d\ndifferent,crm:5,crm:4\n',
      'words.csv': 'decision,account,other_account\nsame,crm:4,shop:d\nmaybe,crm:5,shop:d\n',
    });
    const unknown = await company.command('review', '--in', 'unknown.csv', '--by', 'Eva');
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('WC-REVIEW-001 there is no account web:1\n  at   unknown.csv:5');
    const contradictory = await company.command('review', '--in', 'contradictory.csv', '--by', 'Eva');
    expect(contradictory.stderr).toContain(
      'crm:4 and crm:5 are different by contradictory.csv:4, but the same by crm:4 = shop:d (contradictory.csv:2), crm:5 = shop:d (contradictory.csv:3)',
    );
    const words = await company.command('review', '--in', 'words.csv', '--by', 'Eva');
    expect(words.stderr).toContain('WC-FILE-002 `maybe` is no decision\n  at   words.csv:3');
    const nobody = await company.command('review', '--in', 'contradictory.csv');
    expect(nobody.stderr).toContain('nobody is named as the one who decided');
    expect(await json('review', 'list')).toEqual([]);
  });

  it('review reads decisions back, the next run obeys them, and explain says so', async () => {
    expect(await customerOf('crm:4')).not.toBe(await customerOf('shop:d'));
    await company.write({
      // As a spreadsheet in a country with decimal commas saves it.
      'decided.csv':
        '\uFEFFaccount;other_account;decision;decided_by;decided_at;note\r\n' +
        'shop:d;crm:4;Same;Eva;2026-06-29T10:00:00Z;same letterhead\r\n' +
        'crm:1;shop:a;different;;;\r\n' +
        'crm:3;shop:c;;;;\r\n',
    });
    const taken = await company.command('review', '--in', 'decided.csv', '--by', 'Ida');
    expect([taken.stderr, taken.stdout]).toEqual([
      '',
      '1 same, 1 different, 0 taken back: the next run obeys\n',
    ]);
    expect(await json('review', 'list')).toMatchObject([
      { decision: 'cannot_link', account: 'crm:1', otherAccount: 'shop:a', from: 'review', decidedBy: 'Ida' },
      {
        ...{ decision: 'must_link', account: 'crm:4', otherAccount: 'shop:d', decidedBy: 'Eva' },
        ...{ decidedAt: '2026-06-29T10:00:00Z', note: 'same letterhead' },
      },
    ]);
    expect((await company.command('run')).exitCode).toBe(0);
    expect(await customerOf('crm:4')).toBe(await customerOf('shop:d'));
    expect(await customerOf('crm:1')).not.toBe(await customerOf('shop:a'));
    const together = await company.command('explain', 'crm:4', 'shop:d');
    expect(together.stdout).toContain('a person put them together (review)');
    const apart = await company.command('explain', 'crm:1', 'shop:a');
    expect(apart.stdout).toMatch(
      /are two customers, c_\S+ and c_\S+\n {2}a person keeps them apart \(review\)/,
    );
  });

  it('review takes a decision back', async () => {
    await company.write({ 'back.csv': 'account,other_account,decision\ncrm:1,shop:a,undecided\n' });
    const { stdout } = await company.command('review', '--in', 'back.csv', '--by', 'Ida');
    expect(stdout).toContain('0 same, 0 different, 1 taken back');
    expect(await json('review', 'list')).toMatchObject([{ account: 'crm:4' }]);
  });
});
