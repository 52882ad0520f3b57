import { isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { WhalecurveError } from '../config/error.ts';
import { suggestion } from '../config/nearest-word.ts';
import { type ModelHeader, modelHeader } from './model-header.ts';
import { placeIn } from './text-place.ts';

/**
 * The YAML in the block comment at the head of a model, and the offset at which the comment ends.
 * @throws WC-MODEL-001 with file:line:column.
 */
export function readModelHeader(file: string, text: string): { header: ModelHeader; end: number } {
  const comment = /^\s*\/\*([\s\S]*?)\*\//.exec(text);
  const yaml = comment?.[1];
  if (comment === null || yaml === undefined) {
    throw new WhalecurveError('WC-MODEL-001', 'the model does not begin with a block comment', {
      where: `${file}:1:1`,
      hint: 'write its comment, grain, key and columns as YAML between /* and */',
    });
  }
  const start = comment[0].length - yaml.length - 2;
  const malformed = (message: string, offset: number, hint?: string) =>
    new WhalecurveError('WC-MODEL-001', message, { where: placeIn(file, text, start + offset), hint });

  const document = parseDocument(yaml, { prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw malformed(`the header is not YAML: ${broken.message}`, broken.pos[0]);

  const result = modelHeader.safeParse(document.toJS());
  if (result.success) {
    const wrong = undescribed(result.data) ?? metricsWithoutCustomer(result.data);
    if (wrong === undefined) return { header: result.data, end: comment[0].length };
    throw malformed(wrong.message, offsetAt(document, wrong.path), wrong.hint);
  }
  const [issue] = result.error.issues;
  const { message, path, hint } = wordsOf(issue);
  throw malformed(message, offsetAt(document, path), hint);
}

interface Wrong {
  message: string;
  path: readonly PropertyKey[];
  hint?: string | undefined;
}

/** What the header names without a comment in its columns. */
function undescribed({ key, metrics = {}, personal = {}, columns }: ModelHeader): Wrong | undefined {
  const named = [
    ...key.map((name) => ({ what: 'key column', name, path: ['key'] })),
    ...Object.entries(metrics).flatMap(([metric, { scored_by: scoredBy, unit_amount: unitAmount }]) =>
      [metric, scoredBy, unitAmount].flatMap((name) =>
        name === undefined ? [] : [{ what: 'metric', name, path: ['metrics', metric] }],
      ),
    ),
    ...Object.entries(personal).flatMap(([column, kind]) =>
      [column, ...(typeof kind === 'string' ? [] : [kind.by])].map((name) => ({
        what: 'personal column',
        name,
        path: ['personal', column],
      })),
    ),
  ];
  const missing = named.find(({ name }) => !(name in columns));
  if (missing === undefined) return undefined;
  const message = `the ${missing.what} ${missing.name} is not among the header's columns`;
  return { message, path: missing.path, hint: suggestion(missing.name, Object.keys(columns)) };
}

function metricsWithoutCustomer({ key, metrics }: ModelHeader): Wrong | undefined {
  if (metrics === undefined || key.join() === 'customer_id') return undefined;
  return {
    message: 'a model of metrics has one row for each customer: its key is customer_id',
    path: ['key'],
  };
}

function wordsOf(issue: z.core.$ZodIssue | undefined): Wrong {
  if (issue === undefined) return { message: 'the header is malformed', path: [] };
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return {
      message: `the header has a key that does not exist: ${key}`,
      path: [...issue.path, key],
      hint: suggestion(key, Object.keys(modelHeader.shape)),
    };
  }
  if (issue.code === 'invalid_union' && issue.path[0] === 'tests') {
    return {
      message: `${name} is no test`,
      path: issue.path,
      hint: 'a test is one of unique, not_null, accepted_values, relationships and expression',
    };
  }
  return { message: `the header's ${name === '' ? 'content' : name}: ${issue.message}`, path: issue.path };
}

/** Where a value is written; a key whose value does not exist stands for it, and then its parent. */
function offsetAt(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  const node = document.getIn(path, true);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  let keyOffset: number | undefined;
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const isChild = ancestors.at(-1) === parent;
      if (isPair(pair) && isScalar(pair.key) && isChild && pair.key.value === path.at(-1)) {
        keyOffset = pair.key.range?.[0];
      }
    },
  });
  if (keyOffset !== undefined) return keyOffset;
  if (isNode(node) && node.range) return node.range[0];
  return path.length > 0 ? offsetAt(document, path.slice(0, -1)) : 0;
}
