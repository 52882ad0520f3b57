import type { ModelHeader } from '../../model-header.ts';
import type { Comparison } from '../pairwise/settings.ts';

const pairColumns = {
  source: 'Source of the one account',
  account_ref: 'The one account in its source',
  other_source: 'Source of the other account',
  other_account_ref: 'The other account in its source',
};

const pairKey = ['source', 'account_ref', 'other_source', 'other_account_ref'];

/** One column of evidence for each comparison of the settings. */
export function linksHeader(comparisons: readonly Comparison[]): ModelHeader {
  const shares = comparisons.map(({ name }) => [
    `${name}_bits`,
    `Share of ${name} in the evidence, in bits: the weight of its level and how rare the shared values are; 0 where an account lacks it`,
  ]);
  return {
    comment:
      'Each two accounts that were taken for one customer or left to a person to decide, with the evidence. evidence = prior_bits + the shares of the comparisons + relatives_bits',
    grain: 'two accounts',
    key: pairKey,
    publish: 'account_links',
    tests: [
      {
        accepted_values: { column: 'decision', values: ['accepted', 'certain', 'must_link', 'review'] },
        severity: 'error',
      },
    ],
    columns: {
      account_number: 'The one account, in identity.accounts of this run',
      other_account_number: 'The other account, the larger number',
      ...pairColumns,
      decision:
        'accepted: the evidence is above the cut; certain: a rule links them; must_link: a person decided it; review: below the cut, and near it',
      rule: 'Surest rule that links them: tax_id, other_refs, email_and_name, phone_and_name or one of the settings; null where none does',
      levels: 'How far they agree, as comparison: level; what an account lacks is left out',
      evidence: 'Evidence in bits that they are one customer; 0 is even odds (Fellegi and Sunter 1969)',
      above_cut: 'Evidence in bits above the cut of identity.model',
      probability: 'That they are one customer, by the evidence alone',
      prior_bits: 'Evidence before anything is compared',
      relatives_bits: 'What is taken off because two people of one household would look alike as well',
      ...Object.fromEntries(shares),
    },
  };
}

export const clustersHeader: ModelHeader = {
  comment: 'Which accounts are one customer',
  grain: 'one account',
  key: ['account_number'],
  tests: [],
  columns: {
    account_number: 'The account, in identity.accounts of this run',
    cluster: 'Smallest account_number of the customer; the account itself where it stands alone',
  },
};

export const cutsHeader: ModelHeader = {
  comment:
    'Each two accounts with evidence above the cut, or a certain link, that are different customers all the same',
  grain: 'two accounts',
  key: pairKey,
  publish: 'account_cuts',
  tests: [],
  columns: {
    ...pairColumns,
    reason:
      'cannot_link: a person keeps them or their customers apart; date_of_birth, tax_id, unique_within: they hold values that one customer does not have, or accounts of their customers do; second_accounts: together they would have second accounts in several sources that hardly have a customer twice; average_evidence: most other pairs of the two customers speak against; component: they hung together by weak links with too many accounts',
    is_direct: 'True if the reason is about the two accounts themselves, not about others of their customers',
    rule: 'Rule that links them; null where none does',
    evidence: 'Evidence in bits that they are one customer',
  },
};

export const blockingHeader: ModelHeader = {
  comment:
    'By which rules pairs of accounts were found, what each of them cost, and what was not looked at; counted on the last night on which all accounts were compared',
  grain: 'one blocking rule',
  key: ['rule'],
  publish: 'identity_blocking',
  tests: [],
  columns: {
    rule: 'The rule, or all pairs',
    place: 'Its place: a pair counts for the first rule that finds it',
    block_key: 'SQL of the key that the accounts of a block share; null for all pairs',
    split_by: 'SQL that splits blocks that are too large; null where there is none',
    pairs: 'Pairs that share a key',
    new_pairs: 'Those that no rule before it found',
    largest_block: 'Accounts of the largest block that was compared',
    blocks_left_out: 'Blocks that were too large, or more than the pairs that the rule may give',
    accounts_left_out: 'Accounts in them, which this rule compares with nobody',
    reason: 'Why something was left out; null where nothing was',
  },
};

export const modelTableHeader: ModelHeader = {
  comment:
    'The model by which pairs of accounts are judged: learned once from the data, kept for the nights after it until it is learned anew',
  grain: 'one level of one comparison',
  key: ['comparison', 'level'],
  publish: 'identity_model',
  tests: [
    // Said in the run that does it: customers may be others than before, although no account changed.
    {
      expression:
        "comparison_place > 1 or level_place > 1 or why_learned <> 'settings' or learned_by <> (select run_id from settings.run)",
      severity: 'warn',
    },
  ],
  columns: {
    comparison: 'What is compared: name, email, …',
    level: 'How far two accounts agree on it, from certain to different',
    comparison_place: 'Place of the comparison, from 1',
    level_place: 'Place of the level in it, from 1',
    m: 'Share of the level among pairs that are one customer',
    u: 'Share among pairs of strangers',
    weight:
      'Evidence in bits: log2(m / u), with levels out of order taken together (Fellegi and Sunter 1969)',
    relatives_weight: 'Evidence in bits for two people of one household rather than strangers',
    is_learned: 'False where the assumed shares hold',
    pairs_above_cut:
      'Pairs at the level among those above the cut, when it was learned; where many of them are at the last level of date_of_birth or tax_id, another value keeps no accounts apart; null where nothing was learned',
    kind: 'learned, or assumed where there was too little to learn from',
    match_share: 'Share of all pairs of accounts that are one customer',
    relatives_share: 'Share of all pairs that are two people of one household',
    cut: 'Evidence in bits above which a pair is taken for one customer',
    expected_precision: 'What the model expects of the pairs above the cut; null where nothing was learned',
    expected_recall: 'Share of the pairs to be found that it expects above the cut; null likewise',
    accounts: 'Accounts that it was learned from',
    learned_by: 'The run that learned it',
    learned_on: 'As-of date of that run',
    settings_hash: 'Stands for the settings: others are learned anew',
    reason: 'What could not be learned, and why',
    why_learned:
      'first: there was no model; settings: others held when the one before was learned, or another version of the product; asked: by whalecurve identity train; accounts: there were too few before',
  },
};

export const valueWeightsHeader: ModelHeader = {
  comment:
    'How common a value was when the model was learned, for each value that several accounts shared; a row without value_hash is about the attribute as a whole',
  grain: 'one value of one attribute',
  key: ['attribute', 'value_hash'],
  tests: [],
  columns: {
    attribute: 'given_name, email, …',
    value_hash: 'First 16 hex digits of the MD5 of the value; empty for the attribute as a whole',
    bits: 'Minus the binary logarithm of its share; for the attribute as a whole that of a value seen once',
    agreement:
      'For the attribute as a whole: minus the binary logarithm of the share of pairs that agree on it',
  },
};
