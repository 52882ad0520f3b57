import type { Notice } from './notice.ts';

/** The notice for people, a few lines of plain text. */
export function noticeText({ title, run, startedAt, failure, since, warnings, customers }: Notice): string {
  const lines = [
    title,
    ...(failure?.hint === undefined ? [] : [`What to do: ${failure.hint}`]),
    ...warnings.map((warning) => `- ${warning}`),
    ...(customers === undefined ? [] : [`${customers} customers`]),
    ...(since === undefined ? [] : [`So since ${since}.`]),
    `Run ${run}, started ${startedAt}.`,
  ];
  return lines.join('\n');
}
