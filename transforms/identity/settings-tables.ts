import type { IdentitySettings } from '../../config/identity-settings.ts';
import type { SettingsTable } from '../settings-table.ts';
import { type IdentityDecision, pairsDecided } from './decisions.ts';
import { nicknames } from './nicknames.ts';
import { dotlessMailDomains, legalForms, nameAffixes, placeholders, roleMailboxes } from './word-lists.ts';

/** The settings that the identity models join: the shipped word lists with what the config adds. */
export function identitySettingsTables(
  settings: IdentitySettings,
  decided: readonly IdentityDecision[] = [],
): SettingsTable[] {
  return [
    {
      table: 'identity',
      columns: { default_country: 'text', max_names_per_value: 'bigint', max_accounts_per_value: 'bigint' },
      rows: [
        [settings.default_country ?? null, settings.max_names_per_value, settings.max_accounts_per_value],
      ],
    },
    {
      table: 'identity_same_given_names',
      columns: { given_name: 'text', other_given_name: 'text' },
      rows: sameGivenNames([...nicknames, ...settings.nicknames]),
    },
    words('identity_name_affixes', nameAffixes),
    words('identity_legal_forms', [...legalForms, ...settings.legal_forms]),
    words('identity_role_mailboxes', [...roleMailboxes, ...settings.role_mailboxes]),
    {
      table: 'identity_dotless_mail_domains',
      columns: { domain: 'text', same_as: 'text' },
      rows: dotlessMailDomains,
    },
    {
      table: 'identity_placeholders',
      columns: { attribute: 'text', value: 'text' },
      rows: distinct([
        ...placeholders,
        ...Object.entries(settings.placeholders).flatMap(([attribute, values]) =>
          values.map((value) => [
            attribute,
            attribute === 'tax_id' ? value.toUpperCase() : value.toLowerCase(),
          ]),
        ),
      ]),
    },
    {
      table: 'identity_decisions',
      columns: {
        decision: 'text',
        source: 'text',
        account_ref: 'text',
        other_source: 'text',
        other_account_ref: 'text',
      },
      rows: pairsDecided(settings, decided),
    },
    {
      table: 'identity_unique_sources',
      columns: { source: 'text' },
      rows: distinct([...settings.unique_within].sort().map((source) => [source])),
    },
  ];
}

/**
 * Pairs of different given names that are one name, both ways round. Two short forms of one formal name (Liz and
 * Beth) are a pair; two formal names that share a short form (Alexander and Alexandra) are none.
 */
function sameGivenNames(groups: readonly (readonly string[])[]): string[][] {
  const pairs = groups.flatMap((group) => {
    const names = group.map((name) => name.toLowerCase());
    return names.flatMap((name) => names.filter((other) => other !== name).map((other) => [name, other]));
  });
  return distinct(pairs);
}

function words(table: string, list: readonly string[]): SettingsTable {
  return {
    table,
    columns: { word: 'text' },
    rows: distinct(list.map((word) => [word.toLowerCase()])),
  };
}

function distinct<R extends readonly string[]>(rows: readonly R[]): R[] {
  return [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
}
