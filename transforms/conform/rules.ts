import { type EntityName, entity } from '../../config/entities.ts';
import { quoteText } from '../../connectors/engines/quote.ts';
import type { ColumnSql } from './column-sql.ts';
import type { MappedColumn, Mapping } from './mapping.ts';

/** Why a row is refused. */
export type RuleName =
  | 'key_not_null'
  | 'key_unique'
  | 'type'
  | 'money_range'
  | 'required'
  | 'accepted_values'
  | 'exchange_rate';

export interface Rule {
  column: string;
  rule: RuleName;
  /** SQL that is true for a row that breaks the rule. */
  isBroken: string;
  /** SQL of the value that breaks it, as text. */
  found: string;
  /** `{value}` stands for what was found. */
  message: string;
  /** SQL that is true where a NUL character is why; then the message says so. */
  holdsNul: string;
}

/** A mapped column with its SQL; `value` names the computed value. */
export interface PlannedColumn {
  column: MappedColumn;
  sql: ColumnSql | null;
  value: string;
}

export interface RuleContext {
  mapping: Mapping;
  columns: readonly PlannedColumn[];
  where: ColumnSql | null;
  currency: string;
}

const wordsOfType: Readonly<Record<MappedColumn['type'], string>> = {
  text: 'a text',
  integer: 'a whole number',
  quantity: 'a number',
  money: 'an amount',
  rate: 'a number',
  timestamp: 'a date or time',
  date: 'a date',
  boolean: 'true or false',
};

/** Every rule that a row of the table must keep: the key first, then the columns in order. */
export function rulesOf({ mapping, columns, where, currency }: RuleContext): Rule[] {
  const { entityName, key } = mapping;
  const keyNames = key.join(', ');
  const rules: Rule[] = [
    {
      column: keyNames === '' ? '_row' : keyNames,
      rule: 'key_not_null',
      isBroken: '_is_key_missing',
      found: '_source_key',
      message: `the key (${keyNames}) has no value`,
      holdsNul: 'false',
    },
    {
      column: keyNames === '' ? '_row' : keyNames,
      rule: 'type',
      isBroken: '_has_key_nul',
      found: '_source_key',
      message: `the key (${keyNames}) = {value} holds a NUL or what UTF-8 cannot say`,
      holdsNul: 'false',
    },
    {
      column: keyNames === '' ? '_row' : keyNames,
      rule: 'key_unique',
      isBroken: '_is_repeated',
      found: '_source_key',
      message: `the key (${keyNames}) = {value} is that of an earlier row`,
      holdsNul: 'false',
    },
  ];
  if (where !== null) {
    rules.push({
      column: 'where',
      rule: 'type',
      isBroken: `_is_where_wrong`,
      found: where.found,
      message: 'the condition cannot be told: "{value}" does not have the type of its column',
      holdsNul: 'false',
    });
  }
  for (const { column, sql, value } of columns) {
    rules.push(...(sql === null ? [] : columnRules(entityName, column, sql, value)));
    if (column.name === 'currency' && sql !== null) rules.push(exchangeRateRule(columns, currency));
  }
  return rules;
}

function columnRules(entityName: EntityName, column: MappedColumn, sql: ColumnSql, value: string): Rule[] {
  const { name, type, isRequired } = column;
  const { found } = sql;
  const rules: Rule[] = [];
  const add = (rule: RuleName, isBroken: string, message: string) => {
    rules.push({ column: name, rule, isBroken, found, message, holdsNul: 'false' });
  };
  const isWrong = `coalesce(${sql.isWrong}, false)`;
  const isOutOfRange = `coalesce(${sql.isOutOfRange}, false)`;
  if (sql.isWrong !== 'false' || sql.holdsNul !== 'false') {
    const isNoValue = `(${value} is null and ${isWrong} and not ${isOutOfRange})`;
    rules.push({
      column: name,
      rule: 'type',
      isBroken: sql.holdsNul === 'false' ? isNoValue : `(${isNoValue} or ${sql.holdsNul})`,
      found,
      message: `${name}: "{value}" is not ${wordsOfType[type]}`,
      holdsNul: sql.holdsNul,
    });
  }
  if (type === 'money' || type === 'quantity') {
    const isTooLarge = `(${value} is null and ${isWrong} and ${isOutOfRange})`;
    const isTooLargeReported = type === 'money' ? ` or ${reportingOverflow(name, value)}` : '';
    add(
      'money_range',
      `(${isTooLarge}${isTooLargeReported})`,
      `${name}: {value} has more than 14 digits before the point`,
    );
  }
  if (isRequired) {
    const isEmpty = type === 'text' ? `coalesce(stripped(${value}), '') = ''` : `${value} is null`;
    add(
      'required',
      `(${isEmpty} and not (${value} is null and ${isWrong}))`,
      `${name} is required and has no value`,
    );
  }
  const accepted = entity(entityName).columns[name]?.accepted;
  if (accepted !== undefined) {
    const list = accepted.map(quoteText).join(', ');
    add(
      'accepted_values',
      `(${value} not in (${list}))`,
      `${name}: "{value}" is not one of ${accepted.join(', ')}`,
    );
  }
  return rules;
}

/** The amount is there and so is its rate, but their product has no room. */
function reportingOverflow(name: string, value: string): string {
  return `(${value} is not null and _rate is not null and _reporting_${name} is null)`;
}

function exchangeRateRule(columns: readonly PlannedColumn[], currency: string): Rule {
  const amounts = columns.filter(({ column, sql }) => column.type === 'money' && sql !== null);
  const isAmount = amounts.map(({ value }) => `${value} is not null`).join(' or ');
  return {
    column: 'currency',
    rule: 'exchange_rate',
    isBroken: amounts.length === 0 ? 'false' : `(_rate is null and (${isAmount}))`,
    found: '_currency',
    message: `no exchange rate from {value} to ${currency} on the day of the row or before`,
    holdsNul: 'false',
  };
}
