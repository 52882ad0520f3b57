import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { runDataTests } from '../../../../transforms/data-tests.ts';
import { modelTableHeader } from '../../../../transforms/identity/matching/headers.ts';
import { runMatching } from '../../../../transforms/identity/matching/run-matching.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import type { PairwiseSettings } from '../../../../transforms/identity/pairwise/settings.ts';
import { openState } from '../../hand-made-company.ts';
import { type MatchingAccount, people, writeMatchingInput } from './matching-base.ts';

const limits = { max_accounts_per_value: 500, max_names_per_value: 10 };

let engine: Engine;

beforeAll(async () => {
  engine = await openState();
});

beforeEach(() => engine.run('drop schema if exists identity cascade'));

afterAll(() => engine.close());

async function night(
  accounts: readonly MatchingAccount[],
  pairwise: PairwiseSettings = defaultPairwiseSettings,
): Promise<unknown> {
  await writeMatchingInput(engine, accounts);
  await engine.transaction(() => runMatching(engine, { pairwise, rules: [], uniqueWithin: [] }, limits));
  const [model] = await engine.query(
    'select distinct kind, accounts, reason, why_learned from identity.model',
  );
  return model;
}

/** Nobody has anything in common with anybody: no pair is one customer, and EM finds none. */
function strangers(count: number): MatchingAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    source: 'shop',
    ref: String(index).padStart(4, '0'),
    email: `${(index * 7919).toString(36)}@${(index * 104_729).toString(36)}.example`,
  }));
}

it('a fit that the data refused is not tried again before there are a quarter more accounts', async () => {
  const refused = await night(strangers(320));
  expect(refused).toMatchObject({ kind: 'assumed', accounts: '320', why_learned: 'first' });
  const { reason } = refused as { reason: string };
  expect(reason).toMatch(/the assumed shares hold/);
  expect(await night(strangers(399))).toMatchObject({ kind: 'assumed', accounts: '320', reason });
  expect(await night(strangers(400))).toMatchObject({ accounts: '400', why_learned: 'accounts' });
});

it('a run under other settings learns anew, and says so in a check of its own', async () => {
  const accounts = people(152);
  const step = {
    table: { schema: 'identity', table: 'model' },
    needs: [],
    header: modelTableHeader,
    build: async () => 0,
  };
  const warnings = async () =>
    (await runDataTests(engine, [step])).filter(({ isOk }) => !isOk).map(({ severity }) => severity);
  expect(await night(accounts)).toMatchObject({ kind: 'learned', why_learned: 'first' });
  expect(await warnings()).toEqual([]);
  const others = { ...defaultPairwiseSettings, largestBlock: 50 };
  expect(await night(accounts, others)).toMatchObject({ kind: 'learned', why_learned: 'settings' });
  expect(await warnings()).toEqual(['warn']);
  await engine.run(`update settings.run set run_id = 'r_next'`);
  expect(await warnings()).toEqual([]);
});
