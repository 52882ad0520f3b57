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
    const missing = result.data.key.find((name) => !(name in result.data.columns));
    if (missing === undefined) return { header: result.data, end: comment[0].length };
    const message = `the key column ${missing} is not among the header's columns`;
    throw malformed(message, offsetAt(document, ['key']));
  }
  const [issue] = result.error.issues;
  const { message, path, hint } = wordsOf(issue);
  throw malformed(message, offsetAt(document, path), hint);
}

function wordsOf(issue: z.core.$ZodIssue | undefined): {
  message: string;
  path: readonly PropertyKey[];
  hint?: string | undefined;
} {
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
