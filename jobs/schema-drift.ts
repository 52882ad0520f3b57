import { WhalecurveError } from '../config/error.ts';
import { unitedColumns } from '../connectors/engines/merge/united-columns.ts';
import { findColumn } from '../connectors/sources/find-column.ts';
import type { Column, RawType } from '../connectors/sources/source.ts';

/** In words, what the columns of tonight's rows are beside those of the nights before: `+ note (text)`. */
export function schemaChanges(before: readonly Column[], landed: readonly Column[]): string[] {
  const { added, vanished, changed } = unitedColumns(before, landed);
  return [
    ...added.map(({ name, type }) => `+ ${name} (${typeText(type)})`),
    ...vanished.map(({ name }) => `- ${name}`),
    ...changed.map(
      (change) => `${change.before.name}: ${typeText(change.before.type)} → ${typeText(change.after.type)}`,
    ),
  ];
}

/** The same of what the source declares, before any row was read: types in the source's own words. */
export function declaredChanges(known: readonly Column[], columns: readonly Column[]): string[] {
  const { added, vanished } = unitedColumns(known, columns);
  return [
    ...added.map(({ name, sourceType }) => `+ ${name} (${sourceType})`),
    ...vanished.map(({ name }) => `- ${name}`),
    ...columns.flatMap(({ name, sourceType }) => {
      const before = findColumn(known, name)?.sourceType ?? sourceType;
      return before === sourceType ? [] : [`${name}: ${before} → ${sourceType}`];
    }),
  ];
}

/** @throws WC-LOAD-004 for any change */
export function refuseDrift(subject: string, changes: readonly string[]): void {
  if (changes.length === 0) return;
  throw new WhalecurveError(
    'WC-LOAD-004',
    `its columns have changed, and \`drift: freeze\` forbids it: ${changes.join('; ')}`,
    { where: subject, hint: 'if that is meant, say `drift: evolve` for one run' },
  );
}

function typeText(type: RawType): string {
  return typeof type === 'object' ? `decimal(${type.precision}, ${type.scale})` : type;
}
