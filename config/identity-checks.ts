import type { ConfigPath, ProblemDetails } from './config-document.ts';
import { type EntityName, entities } from './entities.ts';
import type { ErrorCode } from './error-codes.ts';
import { isTakenName, standardAttributes } from './identity-attributes.ts';
import { expressionProblem } from './identity-expressions.ts';
import { type IdentitySettings, identitySettings } from './identity-settings.ts';
import { suggestion } from './nearest-word.ts';
import { pathText } from './schema-problems.ts';

type Report = (code: ErrorCode, path: ConfigPath, message: string, details?: ProblemDetails) => void;

/** Comparisons that ship with the product; `false` leaves one out. */
export const builtInComparisons = [
  ...['name', 'date_of_birth', 'email', 'phone', 'street', 'place', 'tax_id', 'company', 'source'],
] as const;

/** Rules that ship with the product, and what else stands in the same column of the links. */
const takenRules = new Set([
  ...['tax_id', 'other_refs', 'email_and_name', 'phone_and_name'],
  ...['only_account', 'must_link', 'cannot_link', 'pairwise'],
]);

/** What `identity` says against itself and against the sources. Says nothing where its shape is wrong: the schema does. */
export function checkIdentity(written: unknown, sourceNames: readonly string[], report: Report): void {
  const { success, data: settings } = identitySettings.safeParse(written ?? {});
  if (!success) return;
  checkAttributes(settings, report);
  checkPlaceholders(settings, report);
  checkComparisons(settings, report);
  checkBlocking(settings, report);
  checkRules(settings, report);
  checkDecisions(settings, sourceNames, report);
  checkThresholds(settings, report);
  const { unique_within: unique } = settings;
  for (const [index, name] of unique.entries()) {
    checkSource(name, sourceNames, ['identity', 'unique_within', index], report);
  }
}

/** The attributes as they are written, for the columns that a `map` of accounts may name. */
export function attributeNames(written: unknown): string[] {
  const attributes =
    typeof written === 'object' && written !== null ? Reflect.get(written, 'attributes') : undefined;
  return typeof attributes === 'object' && attributes !== null ? Object.keys(attributes) : [];
}

export function mappableNames(entity: EntityName, identity: unknown): string[] {
  const names = [...Object.keys(entities[entity].columns), 'deleted_at'];
  return [...new Set([...names, ...(entity === 'accounts' ? attributeNames(identity) : [])])];
}

function checkAttributes({ attributes }: IdentitySettings, report: Report): void {
  for (const name of Object.keys(attributes)) {
    const path = ['identity', 'attributes', name];
    if (name in entities.accounts.columns) {
      report('WC-CONFIG-007', path, `\`${name}\` is a column that every table of accounts may have`, {
        hint: 'leave it out here: `comparisons`, `blocking` and `rules` may name it',
        atKey: true,
      });
    } else if (isTakenName(name) || expressionProblem(name, [name], 'one') !== undefined) {
      report('WC-CONFIG-002', path, `\`${name}\` cannot be the name of an attribute`, {
        hint: 'give it another name, for example with a word before it',
        atKey: true,
      });
    }
  }
}

function checkPlaceholders({ attributes, placeholders }: IdentitySettings, report: Report): void {
  const known = ['name', 'email', 'phone', 'tax_id', ...Object.keys(attributes)];
  for (const name of Object.keys(placeholders).filter((one) => !known.includes(one))) {
    report('WC-CONFIG-003', ['identity', 'placeholders', name], `there is no attribute \`${name}\``, {
      hint: suggestion(name, known),
      atKey: true,
    });
  }
}

function checkComparisons(settings: IdentitySettings, report: Report): void {
  const columns = knownColumns(settings);
  for (const [name, comparison] of Object.entries(settings.comparisons)) {
    const path = ['identity', 'comparisons', name];
    if (comparison === false) {
      if (!(builtInComparisons as readonly string[]).includes(name)) {
        report('WC-CONFIG-002', path, `there is no built-in comparison \`${name}\` to leave out`, {
          hint: suggestion(name, builtInComparisons),
        });
      }
      continue;
    }
    const attribute = comparison.attribute ?? name;
    if (!columns.includes(attribute)) {
      report('WC-CONFIG-002', [...path, 'attribute'], `there is no attribute \`${attribute}\``, {
        hint: suggestion(attribute, columns) ?? 'add it under `identity.attributes`',
      });
    }
    const { kind, levels, m } = comparison;
    if (levels === undefined) continue;
    if (kind !== undefined || m !== undefined) {
      const other = kind === undefined ? 'm' : 'kind';
      report('WC-CONFIG-007', [...path, other], `\`levels\` and \`${other}\` say the same thing twice`, {
        hint: `leave out \`${other}\``,
        atKey: true,
      });
    }
    for (const [index, { when }] of levels.entries()) {
      const place = [...path, 'levels', index, 'when'];
      const isLast = index === levels.length - 1;
      if (when !== undefined && isLast) {
        report('WC-CONFIG-007', place, 'the last level takes all the rest and has no `when`', {
          atKey: true,
        });
      } else if (when === undefined && !isLast) {
        report('WC-CONFIG-005', place, 'the required key `when` is missing: only the last level has none');
      } else if (when !== undefined) checkExpression(when, settings, 'two', place, report);
    }
  }
}

function checkBlocking(settings: IdentitySettings, report: Report): void {
  const { blocking } = settings;
  for (const [index, { name, on, split_by: splitBy }] of blocking.entries()) {
    const path = ['identity', 'blocking', index];
    if (blocking.findIndex((rule) => rule.name === name) < index) {
      report('WC-CONFIG-007', [...path, 'name'], `two blocking rules are named \`${name}\``);
    }
    for (const [place, text] of on.entries()) {
      checkExpression(text, settings, 'one', [...path, 'on', place], report);
    }
    if (splitBy !== undefined) checkExpression(splitBy, settings, 'one', [...path, 'split_by'], report);
  }
}

function checkRules(settings: IdentitySettings, report: Report): void {
  const { rules } = settings;
  for (const [index, { name, on, when }] of rules.entries()) {
    const path = ['identity', 'rules', index];
    if (takenRules.has(name) || rules.findIndex((rule) => rule.name === name) < index) {
      report('WC-CONFIG-007', [...path, 'name'], `the name \`${name}\` is that of another rule`, {
        hint: 'links say by its name which rule made them: give it one of its own',
      });
    }
    for (const [place, text] of on.entries()) {
      checkExpression(text, settings, 'one', [...path, 'on', place], report);
    }
    if (when !== undefined) checkExpression(when, settings, 'two', [...path, 'when'], report);
  }
}

function checkDecisions(settings: IdentitySettings, sourceNames: readonly string[], report: Report): void {
  for (const decision of ['must_link', 'cannot_link'] as const) {
    for (const [index, accounts] of settings[decision].entries()) {
      for (const [place, account] of accounts.entries()) {
        const path = ['identity', decision, index, place];
        if (accounts.indexOf(account) < place) {
          report('WC-CONFIG-007', path, `\`${account}\` stands twice in \`${pathText(path.slice(0, -1))}\``);
        }
        checkSource(account.split(':')[0] ?? '', sourceNames, path, report);
      }
    }
  }
  for (const [index, accounts] of settings.cannot_link.entries()) {
    const together = settings.must_link.find(
      (group) => group.filter((one) => accounts.includes(one)).length > 1,
    );
    if (together === undefined) continue;
    report(
      'WC-CONFIG-007',
      ['identity', 'cannot_link', index],
      `${together.filter((one) => accounts.includes(one)).join(' and ')} stand in \`identity.must_link\` too`,
      { hint: 'keep one of the two decisions' },
    );
  }
}

function checkThresholds({ thresholds }: IdentitySettings, report: Report): void {
  const { accept, review } = thresholds;
  if (accept === 'auto' || review === 'auto' || review < accept) return;
  report(
    'WC-CONFIG-007',
    ['identity', 'thresholds', 'review'],
    `\`review\` is ${review}, which is not below \`accept\` (${accept})`,
    { hint: 'pairs between the two are left to a person' },
  );
}

function checkExpression(
  text: string,
  settings: IdentitySettings,
  sides: 'one' | 'two',
  path: ConfigPath,
  report: Report,
): void {
  const problem = expressionProblem(text, knownColumns(settings), sides);
  if (problem === undefined) return;
  report('WC-CONFIG-002', path, `\`${pathText(path)}\`: ${problem.message}`, { hint: problem.hint });
}

function knownColumns({ attributes }: IdentitySettings): string[] {
  const written = Object.keys(entities.accounts.columns).filter((name) => !writtenOtherwise.has(name));
  return [...new Set([...Object.keys(attributes), ...Object.keys(standardAttributes), ...written])];
}

/** Columns of accounts that comparison takes apart, or that say nothing about who it is. */
const writtenOtherwise = new Set([
  ...['account_ref', 'kind', 'full_name', 'other_refs', 'parent_ref', 'is_prospect', 'consent'],
  ...['created_at', 'updated_at', 'deleted_at'],
]);

function checkSource(name: string, sourceNames: readonly string[], path: ConfigPath, report: Report): void {
  if (sourceNames.includes(name)) return;
  report('WC-CONFIG-002', path, `\`${pathText(path)}\` names \`${name}\`, expected the name of a source`, {
    hint: suggestion(name, sourceNames),
  });
}
