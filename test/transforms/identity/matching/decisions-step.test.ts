import { expect, it } from '@jest/globals';
import { runDataTests } from '../../../../transforms/data-tests.ts';
import { decisions } from '../../../../transforms/identity/matching/decisions-step.ts';
import { openState, runStages } from '../../hand-made-company.ts';

it('a decision of the settings on an account that no source has is warned of, with its two accounts', async () => {
  const engine = await openState();
  try {
    const accounts = ['s1', 's2'].map((ref) => ({
      source: 'shop',
      account_ref: ref,
      full_name: `Ada ${ref}`,
    }));
    await runStages(
      engine,
      { accounts },
      { identity: { must_link: [['shop:s1', 'shop:s2', 'crm:gone']] }, stages: ['identity'] },
    );
    // A review may outlive its accounts.
    await engine.run(`insert into whalecurve.review_decisions
      values ('crm', 'old', 'shop', 's1', 'cannot_link', 'ada', timestamp '2024-01-01 00:00:00', null)`);
    await decisions.build(engine);
    const failed = (await runDataTests(engine, [decisions])).filter(({ isOk }) => !isOk);
    expect(failed).toMatchObject([{ severity: 'warn', failures: 1 }]);
    expect(JSON.parse(failed[0]?.sample?.[0] ?? '')).toMatchObject({ source: 'crm', account_ref: 'gone' });
  } finally {
    await engine.close();
  }
});
