import { basename } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument, type YAMLParseError } from 'yaml';
import { WhalecurveError } from './error.ts';
import type { ErrorCode } from './error-codes.ts';
import { excerpt } from './excerpt.ts';
import { nearestWord } from './nearest-word.ts';
import { redactText } from './redact.ts';
import type { References } from './secret-references.ts';
import { resolveVariables, withStandIns } from './variables.ts';

export type ConfigPath = readonly PropertyKey[];

/** A config file as YAML, its variables resolved, that still knows where each value was written. */
export interface ConfigDocument {
  value: unknown;
  /** What is wrong with the file as such: YAML errors and references that stand for nothing. */
  problems: readonly WhalecurveError[];
  secrets: readonly string[];
  /** True when the value holds what a reference stands for. */
  isFromVariable(path: ConfigPath): boolean;
  /** True when a reference of the value stands for nothing, so that there is nothing to judge. */
  isUnresolved(path: ConfigPath): boolean;
  /** The value as the file has it, so `${NAME}` and never what it stands for. */
  written(path: ConfigPath): string | undefined;
  /** `file:line:column` of a value, or of its key where the value is empty; undefined when neither is there. */
  place(path: ConfigPath): string | undefined;
  /** An error at the place of a value, or of its key. A path that is not there is placed at its parent. */
  problem(code: ErrorCode, path: ConfigPath, message: string, details?: ProblemDetails): WhalecurveError;
}

export interface ProblemDetails {
  hint?: string | undefined;
  /** Points at the key instead of the value. */
  atKey?: boolean;
}

/** For who asks where something is written, and not what it stands for. */
export const noReferences: References = { values: {}, reasons: {} };

export function readConfigDocument(
  file: string,
  text: string,
  { values, reasons }: References,
): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(withStandIns(text), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  const variables = resolveVariables(document, text, values);
  const { secrets } = variables;
  const problems: WhalecurveError[] = [];
  let value: unknown;

  for (const { code, pos, message } of told(document.errors)) {
    const [start, end] = pos;
    problems.push(
      code === 'DUPLICATE_KEY'
        ? problemAt('WC-CONFIG-006', start, end - start, duplicateKey(text, start))
        : problemAt('WC-CONFIG-001', start, 1, notYaml(message), globHint(text, start)),
    );
  }
  for (const offset of variables.malformed) {
    const hint = 'write ${NAME}, with letters, digits and _ only, ${file:PATH} or ${cmd:LINE}';
    problems.push(problemAt('WC-CONFIG-004', offset, 2, '`${` begins no variable', hint));
  }
  for (const { name, offset } of variables.missing) {
    const [message, hint] = reasons[name] === undefined ? notSet(name) : [reasons[name], fixOf(name)];
    problems.push(problemAt('WC-CONFIG-004', offset, name.length + 3, message, hint));
  }
  try {
    if (document.errors.length === 0) value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    problems.push(
      problemAt('WC-CONFIG-001', 0, 1, notYaml(cause instanceof Error ? cause.message : String(cause))),
    );
  }

  return {
    value,
    problems,
    secrets,
    isFromVariable: (path) => has(variables.fromVariable, nodeAt(path)),
    isUnresolved: (path) => has(variables.unresolved, nodeAt(path)),
    written: (path) => {
      const range = nodeAt(path)?.range;
      return range ? redactText(text.slice(range[0], range[1]).trim(), secrets) : undefined;
    },
    place: (path) => {
      const offset = (nodeAt(path) ?? keyAt(path))?.range?.[0];
      return offset === undefined ? undefined : placeOf(offset).where;
    },
    problem: (code, path, message, { hint, atKey } = {}) => {
      const node = (atKey ? keyAt(path) : nodeAt(path)) ?? keyAt(path) ?? nearestParent(path);
      const [start, end] = node?.range ?? [0, 1];
      return problemAt(code, start, end - start, message, hint);
    },
  };

  function notSet(name: string): [string, string] {
    const nearest = nearestWord(name, Object.keys(values));
    const near = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`;
    return [
      `the environment variable ${name} is not set`,
      `set it in the environment, or in .env beside ${basename(file)}${near}`,
    ];
  }

  function problemAt(code: ErrorCode, offset: number, length: number, message: string, hint?: string) {
    const { where, line, column } = placeOf(Math.min(Math.max(offset, 0), text.length));
    return new WhalecurveError(code, redactText(message, secrets), {
      where,
      hint,
      excerpt: redactText(excerpt(text, line, column, length), secrets),
    });
  }

  function placeOf(offset: number): { where: string; line: number; column: number } {
    const { line, col } = lines.linePos(offset);
    return { where: `${file}:${line}:${col}`, line, column: col };
  }

  function nodeAt(path: ConfigPath): Node | undefined {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  function keyAt(path: ConfigPath): Node | undefined {
    const parent = nodeAt(path.slice(0, -1));
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
    return isNode(pair?.key) ? pair.key : undefined;
  }

  function nearestParent(path: ConfigPath): Node | undefined {
    for (let length = path.length - 1; length > 0; length--) {
      const parent = path.slice(0, length);
      const node = keyAt(parent) ?? nodeAt(parent);
      if (node !== undefined) return node;
    }
    return nodeAt([]);
  }
}

function fixOf(reference: string): string {
  return reference.startsWith('file:')
    ? 'a relative path starts from the folder of the config; the process must be allowed to read the file'
    : 'run the line in the folder of the config as the same user: what it prints is the value';
}

function has(nodes: ReadonlySet<Node>, node: Node | undefined): boolean {
  return node !== undefined && nodes.has(node);
}

/** After its first real error YAML's reader has lost the thread: what it says next misleads. */
function told(errors: readonly YAMLParseError[]): YAMLParseError[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return first === undefined ? [...errors] : [first];
}

/** The library names the rule that was broken, not the key. */
function duplicateKey(text: string, offset: number): string {
  const key = /^[^:\n]*/.exec(text.slice(offset))?.[0].trim() ?? '';
  return `the key \`${key}\` stands twice in the same mapping`;
}

function notYaml(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return `the file is not YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`;
}

/** A glob as a key is the one thing in a config that is easy to write and is not YAML. */
function globHint(text: string, offset: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
  const glob = /^\s*(\*[^\s:]*):/.exec(line)?.[1];
  return glob === undefined ? undefined : `a name that begins with * stands in quotes: "${glob}"`;
}
