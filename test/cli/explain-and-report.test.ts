import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Explanation } from '../../report/customer/explanation.ts';
import { makeConfigFolder } from '../config/config-folder.ts';
import { engines, type Workplace } from '../pipelines/workplace.ts';
import { publishCompany, scriptName } from '../report/published-company.ts';
import { runCommand } from './run-command.ts';

/** Pages of both engines, without what differs from run to run: its id and its times. */
const pages: string[] = [];

describe.each(engines)('on engine %s', (engine) => {
  let place: Workplace;
  beforeAll(async () => {
    place = await publishCompany(engine);
  }, 120_000);
  afterAll(() => place.remove());

  const run = (...words: string[]) => runCommand(words, { cwd: place.folder });
  const explained = async (word: string): Promise<Explanation> => {
    const { exitCode, stdout, stderr } = await run('explain', word, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };

  it('explain finds a customer by account, bare account_ref, e-mail in any case and customer id', async () => {
    const { customerId, name } = await explained('crm:1');
    expect(name).toBe('Ada Byron');
    for (const word of ['shop:S-1', 'S-1', 'PERSON1@example.org', customerId]) {
      expect([word, (await explained(word)).customerId]).toEqual([word, customerId]);
    }
  });

  it('explain finds a customer by an e-mail of its accounts that is not the one it is known by', async () => {
    const { customerId, attributes } = await explained('kurt@example.net');
    expect(customerId).toBe((await explained('crm:4')).customerId);
    expect(attributes.find(({ attribute }) => attribute === 'email')?.value).toBe('person4@example.org');
  });

  it('explain lists what several customers of one name may mean, and says where there is none', async () => {
    const several = await run('explain', '7');
    expect([several.exitCode, several.stdout]).toEqual([2, '']);
    expect(several.stderr).toContain('WC-USAGE-004 7 may mean 2 customers');
    expect(several.stderr).toContain('choose one: crm:7, shop:7');
    expect((await explained('crm:7')).name).toBe('Rosa Caller');
    expect((await run('explain', 'crm:99')).stderr).toContain('WC-USAGE-003 there is no customer crm:99');
    const injected = await run('explain', "x' or '1' = '1");
    expect(injected.stderr).toContain("WC-USAGE-003 there is no customer x' or '1' = '1");
  });

  it('explain shows where each value is from, and the links that hold the accounts together', async () => {
    const { attributes, identity } = await explained('crm:1');
    expect(attributes).toContainEqual(
      expect.objectContaining({ attribute: 'industry', value: 'trade', source: 'crm', account_ref: '1' }),
    );
    expect(identity.accounts.map(({ source, account_ref }) => `${source}:${account_ref}`)).toEqual([
      'crm:1',
      'shop:S-1',
    ]);
    expect(identity.tree.branches).toEqual([
      expect.objectContaining({ one: 'crm:1', other: 'shop:S-1', rule: 'email_and_name', isCertain: true }),
    ]);
    expect(identity.tree.weakest?.parted).toEqual(['crm:1']);
    expect(identity.keptApart).toEqual([]);
  });

  it('explain gives each metric with its formula and inputs, and they fit', async () => {
    const { metrics, costs } = await explained('crm:1');
    const metric = (name: string) => metrics.find((one) => one.metric === name);
    // Six orders of 1,000.25 that cost 300 each.
    expect(metric('net_revenue')).toMatchObject({
      value: '6001.5000',
      formula: 'purchase_amount - refund_amount',
      inputs: { purchase_amount: '6001.5000', refund_amount: '0.0000' },
    });
    expect(metric('gross_margin')?.value).toBe('4201.5000');
    const { gross_margin, cost_to_serve, cost_of_credit, bad_debt } =
      metric('net_contribution')?.inputs ?? {};
    expect(Number(metric('net_contribution')?.value)).toBeCloseTo(
      Number(gross_margin) - Number(cost_to_serve) - Number(cost_of_credit) - Number(bad_debt),
      4,
    );
    const summed = costs.reduce((total, { cost }) => total + Number(cost), 0);
    expect(summed).toBeCloseTo(Number(cost_to_serve), 4);
    expect(metrics.filter(({ formula }) => formula === '')).toEqual([]);
  });

  it('explain gives score parts that sum to the score, the tier with its reason, and a lifetime value with model and reason', async () => {
    const { standing, scoreParts, lifetime } = await explained('crm:1');
    const points = scoreParts.reduce((total, part) => total + Number(part.points), 0);
    expect(points).toBeCloseTo(Number(standing.score), 3);
    expect(standing).toMatchObject({
      rank: 1,
      customers: 7,
      tier: { value: 'A+' },
      valueBand: { value: 'creator' },
    });
    expect(standing.tier.why).toContain('rank 1 of 7');
    expect(standing.tier.why).toContain(
      'value.tiers goes by rank_share: A+ to 5 %, A to 20 %, B to 50 %, C to 80 %',
    );
    expect(standing.valueBand.why).toContain('neutral is within ± 1 or ± 1 % of the net revenue');
    // What the night was cut by, whatever the config says today.
    const yaml = await readFile(place.configFile, 'utf8');
    await place.write({
      'whalecurve.yml': `${yaml}value: { neutral_amount: 77, tiers: { by: score, A: 70 } }\n`,
    });
    expect((await explained('crm:1')).standing).toEqual(standing);
    await place.write({ 'whalecurve.yml': yaml });
    expect(lifetime.horizons.map(({ horizon }) => horizon)).toEqual(['12m', '36m', 'end']);
    expect(lifetime.model).not.toBeNull();
    expect(lifetime.reason).not.toBeNull();
    for (const { low, lifetimeValue, high } of lifetime.horizons) {
      expect(Number(low)).toBeLessThanOrEqual(Number(lifetimeValue));
      expect(Number(lifetimeValue)).toBeLessThanOrEqual(Number(high));
    }
  });

  it('explain in text says the same to a person: formulas with their numbers, points, the weakest link', async () => {
    const { exitCode, stdout } = await run('explain', 'crm:1');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Ada Byron, customer c_[0-9a-f]{16}\nas of 2026-09-30, run r_/);
    expect(stdout).toMatch(
      /net_revenue +6,001\.50 {2}purchase_amount - refund_amount\n += 6,001\.50 - 0\.00\n/,
    );
    expect(stdout).toMatch(/The points sum to the score, \d+\.\d+\./);
    expect(stdout).toContain('The weakest link is crm:1 – shop:S-1');
    expect(stdout).not.toMatch(/undefined|NaN|null,/);
  });

  it('explain of a customer who never bought has no score of buying and no lifetime value, but a reason', async () => {
    const { standing, lifetime, prospect, touches } = await explained('crm:7');
    expect(standing.valueBand).toMatchObject({ value: 'destroyer' });
    expect(touches).toEqual([expect.objectContaining({ kind: 'ticket', touches: '12' })]);
    expect(lifetime.horizons.map(({ lifetimeValue }) => lifetimeValue)).toEqual([null, null, null]);
    expect(lifetime.reason).not.toBeNull();
    expect(prospect).toMatchObject({
      probability_to_buy: null,
      tickets: '12',
      visits: '0',
      is_referred: false,
    });
    expect(prospect?.reason).toMatch(/^too little to learn from: of 0 who had not bought by 2026-\d\d-\d\d/);
    expect((await explained('crm:1')).prospect).toBeNull();
    const { exitCode, stdout } = await run('explain', 'crm:7');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('How likely it is to buy at all');
  });

  it('report writes one page for its owner alone, in the place of the one before', async () => {
    await place.write({ 'report.html': 'of an earlier night' });
    const { exitCode, stdout } = await run('report', '--json');
    expect(exitCode).toBe(0);
    const { file, bytes, sections, leftOut } = JSON.parse(stdout);
    expect(leftOut).toEqual([]);
    expect(sections).toEqual(
      'whale tiers costs future prospects what-if services segments customers models identity data'.split(
        ' ',
      ),
    );
    const { size, mode } = await stat(file);
    expect([size, mode & 0o777]).toEqual([bytes, 0o600]);
    const page = await readFile(join(place.folder, 'report.html'), 'utf8');
    pages.push(page.replaceAll(/r_\d{8}T\d{6}Z_[0-9a-f]+|\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, ''));
  }, 60_000);

  it('the page asks the network for nothing and runs nothing, whatever a customer or a segment is called', async () => {
    const page = await readFile(join(place.folder, 'report.html'), 'utf8');
    expect(page.includes("content=\"default-src 'none'; style-src 'unsafe-inline'\"")).toBe(true);
    expect(page.match(/<script|<link|<img|<iframe|<object|@import|url\(/gi)).toBeNull();
    expect(page.match(/\b(?:src|href|srcset|xlink:href)="[^"#][^"]*"/g)).toBeNull();
    expect(page.match(/<[^>]* on[a-z]+=/gi)).toBeNull();
    const escaped = scriptName.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const heads: string[] = page.match(/<th scope="row">[^<]*<(code|\/th)>/g) ?? [];
    expect(heads).toContain(`<th scope="row">${escaped} <code>`);
    expect(heads).toContain(`<th scope="row">${escaped}</th>`);
  });

  it('report --truth shows precision and recall by the cut against it, and nothing without it', async () => {
    const truth = ['account,person', 'crm:1,ada', 'shop:S-1,ada', 'crm:2,grace', 'shop:S-2,alan'].join('\n');
    await place.write({ 'truth.csv': `${truth}\n` });
    const { exitCode, stdout } = await run(
      'report',
      '--truth',
      'truth.csv',
      '--out',
      'measured.html',
      '--json',
    );
    expect([exitCode, JSON.parse(stdout).sections.includes('accuracy')]).toEqual([0, true]);
    const page = await readFile(join(place.folder, 'measured.html'), 'utf8');
    // Found: Ada's two accounts, which is right, and Grace's two, which are of two people.
    const [words] = /<p>Precision .*?<\/p>/.exec(page) ?? [];
    expect(words?.replaceAll(/<[^>]*>/g, '')).toBe(
      'Precision 50%, recall 100%, F1 66.7%: 1 pairs right of 2 found and 1 true ones.',
    );
  }, 60_000);

  it('the page has the totals with currency and separators, and every picture has a name, words and a table', async () => {
    const page = await readFile(join(place.folder, 'report.html'), 'utf8');
    // 6 × 1,000.25 + 5 × 900.25 + 4 × 800.25 + 3 × 700.25 + 2 × 600.25 + 500.25
    expect(page.match(/<dt>Net revenue<\/dt><dd>([^<]*)/)?.[1]).toBe('€17,505.25');
    expect(page.match(/NaN|undefined|Infinity|\[object/g)).toBeNull();
    const pictures = page.match(/<svg [^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThan(10);
    for (const picture of pictures)
      expect(picture).toMatch(/role="img" aria-labelledby="\S+-title \S+-text"/);
    const ids = page.match(/ id="[^"]+"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const section of page.split('<section ').slice(1)) {
      const parts = ['<strong>What to do:</strong>', '<table>'].map((part) => section.includes(part));
      expect([section.slice(0, 20), ...parts]).toEqual([section.slice(0, 20), true, true]);
    }
  });
});

describe('on both engines', () => {
  it('the page is the same', () => {
    expect(pages).toHaveLength(2);
    const [one = [], other] = pages.map((page) => page.split('\n'));
    expect(one.filter((line, place) => line !== other?.[place])).toEqual([]);
  });
});

describe('before any run has published', () => {
  it('both say so (WC-RUN-003)', async () => {
    const place = await makeConfigFolder();
    await place.write('whalecurve.yml', 'sources: { shop: { type: files, path: ., tables: {} } }\n');
    for (const words of [['explain', 'x'], ['report']]) {
      const { exitCode, stderr } = await runCommand(words, { cwd: place.path });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('WC-RUN-003')]);
    }
    await place.remove();
  });
});
