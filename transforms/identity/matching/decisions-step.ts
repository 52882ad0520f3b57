import type { Step } from '../../step.ts';
import { createReviewDecisions } from '../review/stored-decisions.ts';

const table = { schema: 'identity', table: 'decisions' };

/** What people decided on two accounts: in the settings, or in a review, whose word the settings overrule. */
export const decisions: Step = {
  table,
  needs: ['identity.accounts', 'settings.identity_decisions'],
  header: {
    comment: 'What people decided on two accounts; it wins over all evidence',
    grain: 'two accounts',
    key: ['source', 'account_ref', 'other_source', 'other_account_ref'],
    tests: [
      {
        accepted_values: { column: 'decision', values: ['must_link', 'cannot_link'] },
        severity: 'error',
      },
      // A review may outlive its accounts; who writes an account into the settings means one that is there.
      {
        expression: "origin = 'review' or (account_number is not null and other_account_number is not null)",
        severity: 'warn',
      },
    ],
    columns: {
      decision: 'must_link: one customer; cannot_link: two',
      source: 'Source of the one account',
      account_ref: 'The one account in its source',
      other_source: 'Source of the other account',
      other_account_ref: 'The other account in its source',
      origin: 'settings or review',
      account_number: 'The one account, in identity.accounts; null where no source has it now',
      other_account_number: 'The other account, likewise',
    },
  },
  build: async (engine) => {
    await createReviewDecisions(engine);
    return engine.buildTable(table, select);
  },
};

const select = `with decided as (
    select decision, source, account_ref, other_source, other_account_ref, 'settings' as origin,
      1 as place, cast(null as timestamp) as decided_at
    from settings.identity_decisions
    union all
    select decision, source, account_ref, other_source, other_account_ref, 'review', 2, decided_at
    from whalecurve.review_decisions
  ),
  ranked as (
    select decided.*, row_number() over (
        partition by least(source || ':' || account_ref, other_source || ':' || other_account_ref),
          greatest(source || ':' || account_ref, other_source || ':' || other_account_ref)
        order by place nulls last, decided_at desc nulls last, decision nulls last
      ) as rank
    from decided
  )
  select ranked.decision, ranked.source, ranked.account_ref, ranked.other_source, ranked.other_account_ref, ranked.origin,
    one.account_number, other.account_number as other_account_number
  from ranked
  left join identity.accounts as one
    on one.account_ref = ranked.account_ref and one.source = ranked.source
  left join identity.accounts as other
    on other.account_ref = ranked.other_account_ref and other.source = ranked.other_source
  where ranked.rank = 1`;
