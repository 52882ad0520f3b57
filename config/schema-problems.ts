import type { z } from 'zod';
import type { ConfigDocument, ConfigPath } from './config-document.ts';
import type { WhalecurveError } from './error.ts';
import { knownKeys } from './json-schema.ts';
import { nearestWord, suggestion } from './nearest-word.ts';

type Issue = z.core.$ZodIssue;

/** What zod found, in the words of the reader: each at its line and column, with what was found and expected. */
export function schemaProblems(issues: readonly Issue[], document: ConfigDocument): WhalecurveError[] {
  const flat = issues.flatMap((issue) => flattened(issue, document));
  const meant = new Set(
    flat.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => pathText([...issue.path, meantKey(issue.path, key, document)]))
        : [],
    ),
  );
  return flat.flatMap((issue) => {
    // `utl:` with `did you mean url?` says it all; that `url` is missing is the same mistake once more.
    if (isMissing(issue, document) && meant.has(pathText(issue.path))) return [];
    return problemsOf(issue, document);
  });
}

function problemsOf(issue: Issue, document: ConfigDocument): WhalecurveError[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, document));
  if (document.isUnresolved(path)) return [];
  if (isMissing(issue, document)) {
    const name = String(path.at(-1));
    const parent = path.length > 1 ? ` in \`${pathText(path.slice(0, -1))}\`` : '';
    return [
      document.problem('WC-CONFIG-005', path, `the required key \`${name}\` is missing${parent}`, {
        hint: `expected ${expected(issue)}`,
      }),
    ];
  }
  if (issue.code === 'invalid_key') {
    const [reason] = issue.issues;
    return [
      document.problem(
        'WC-CONFIG-002',
        path,
        `\`${String(path.at(-1))}\` is not a name that can be used here; expected ${reason ? expected(reason) : 'another name'}`,
        { atKey: true },
      ),
    ];
  }
  if (issue.code === 'custom') {
    return [document.problem('WC-CONFIG-002', path, `\`${pathText(path)}\`: ${issue.message}`)];
  }
  const words = acceptedWords(issue);
  const found = valueAt(document, path);
  return [
    document.problem(
      'WC-CONFIG-002',
      path,
      `${path.length === 0 ? 'the config' : `\`${pathText(path)}\``} is ${clipped(document.written(path) ?? '')}, expected ${expected(issue)}`,
      { hint: typeof found === 'string' && words.length > 0 ? nearHint(found, words) : undefined },
    ),
  ];
}

function unknownKey(path: ConfigPath, key: string, document: ConfigDocument): WhalecurveError {
  const parent = path.length > 0 ? ` in \`${pathText(path)}\`` : '';
  return document.problem('WC-CONFIG-003', [...path, key], `unknown key \`${key}\`${parent}`, {
    hint: suggestion(key, knownKeys(path, document.value)),
    atKey: true,
  });
}

function meantKey(path: ConfigPath, key: string, document: ConfigDocument): string {
  return nearestWord(key, knownKeys(path, document.value)) ?? '';
}

/** Of alternatives none of which fits, the issues of the one that was meant; if none was, one issue for all. */
function flattened(issue: Issue, document: ConfigDocument): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const meant = issue.errors.find((errors) =>
    errors.every((error) => error.path.length > 0 || error.code === 'unrecognized_keys'),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => flattened({ ...inner, path: [...issue.path, ...inner.path] }, document));
}

function isMissing(issue: Issue, document: ConfigDocument): boolean {
  return (
    issue.path.length > 0 && valueAt(document, issue.path) === undefined && issue.code !== 'unrecognized_keys'
  );
}

function expected(issue: Issue): string {
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_format' && issue.format === 'date') return 'a date such as 2026-01-31';
  if (issue.code === 'too_small')
    return `${issue.origin === 'array' ? 'at least ' : 'a number of at least '}${issue.minimum}${issue.origin === 'array' ? ' item' : ''}`;
  if (issue.code === 'too_big') return `a number of at most ${issue.maximum}`;
  const words = acceptedWords(issue);
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.message === 'Invalid input') {
    return [...new Set(issue.errors.flatMap(([first]) => (first ? [expected(first)] : [])))].join(' or ');
  }
  if (words.length > 0) return words.length === 1 ? `\`${words[0]}\`` : `one of ${words.join(', ')}`;
  if (issue.code === 'invalid_format' && /^Invalid string/.test(issue.message))
    return `text that matches ${issue.pattern}`;
  // The schema words its own messages as what is expected.
  return issue.message;
}

function acceptedWords(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if (issue.errors.length === 0) return ('options' in issue ? (issue.options ?? []) : []).map(String);
  return issue.errors.flat().flatMap(acceptedWords);
}

function nearHint(found: string, words: readonly string[]): string | undefined {
  const nearest = nearestWord(found, words);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};

function valueAt(document: ConfigDocument, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    document.value,
  );
}

/** `sources.finance.tables["billing.payments"].map` */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = String(step);
    if (!/^\w+$/.test(name)) return `${text}["${name}"]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function clipped(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ');
  if (oneLine === '') return 'empty';
  return oneLine.length > 60 ? `\`${oneLine.slice(0, 57)}…\`` : `\`${oneLine}\``;
}
