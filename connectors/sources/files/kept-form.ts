import type { Column, FileForm, FoundForm, TableForm } from '../source.ts';
import { describeProfile, type Profile } from './profile.ts';
import type { TableColumns } from './table-columns.ts';

/** No more forms than this are kept of the files that are gone. */
const mostForms = 50;

/** What is kept for the next night: the forms of tonight's files, and those of files that may come back. */
export function keptForm(
  profiles: readonly Profile[],
  { columns, forms: columnForms, ambiguousDates }: TableColumns,
  known: TableForm | undefined,
): FoundForm {
  const forms: FileForm[] = [];
  const files: Record<string, number> = {};
  const notices: string[] = [];
  for (const profile of profiles) {
    if (profile.kind !== 'csv') continue;
    const { kept } = profile.form;
    const at = forms.findIndex((form) => JSON.stringify(form) === JSON.stringify(kept));
    files[profile.file.file] = at >= 0 ? at : forms.push(kept) - 1;
    if (profile.notice !== null) notices.push(profile.notice);
  }
  const gone = formsOfGoneFiles(known, files).filter((form) => !forms.some((other) => says(other, form)));
  return {
    form: {
      forms: [...forms, ...gone].slice(0, Math.max(mostForms, forms.length)),
      files,
      columns: Object.fromEntries(
        columns.map(({ name }) => [name, columnForms.get(name.toLowerCase()) ?? {}]),
      ),
    },
    described: [...profiles.map(describeProfile), ...columns.flatMap(describeColumn)],
    notices: [...notices, ...ambiguousDates.map(couldBeEither)],
  };
}

/** Kept forms of files that are not here tonight; one that only tonight's files had is what they were before. */
function formsOfGoneFiles(known: TableForm | undefined, tonight: TableForm['files']): FileForm[] {
  if (known === undefined) return [];
  return known.forms.filter((_, index) => {
    const owners = Object.keys(known.files).filter((file) => known.files[file] === index);
    return owners.length === 0 || owners.some((file) => tonight[file] === undefined);
  });
}

/** What to say of a column whose dates nobody can read for certain. */
export function couldBeEither(name: string): string {
  return `the dates of ${name} could be day/month or month/day: say \`format: { date_format: … }\``;
}

function describeColumn({ name, valueFormat }: Column): string[] {
  const parts = [
    ...(valueFormat?.decimal === ',' ? ['decimal comma'] : []),
    ...(valueFormat?.dateFormat === undefined ? [] : [`dates as ${valueFormat.dateFormat}`]),
  ];
  return parts.length === 0 ? [] : [`${name}: ${parts.join(', ')}`];
}

/** True if one form says all that the other does. */
function says(form: FileForm, other: FileForm): boolean {
  return (
    (other.encoding ?? form.encoding) === form.encoding &&
    (other.delimiter ?? form.delimiter) === form.delimiter &&
    (other.quote ?? form.quote) === form.quote &&
    other.hasBackslashEscapes === form.hasBackslashEscapes &&
    JSON.stringify(other.header) === JSON.stringify(form.header)
  );
}
