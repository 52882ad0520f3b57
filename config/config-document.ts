import { basename } from 'node:path';
import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument, Scalar, visit } from 'yaml';
import type { Environment } from './environment.ts';
import { WhalecurveError } from './error.ts';
import type { ErrorCode } from './error-codes.ts';
import { suggestion } from './nearest-word.ts';
import { redactText, secretsOfUrl } from './redact.ts';

export type ConfigPath = readonly PropertyKey[];

/** A config file as YAML, its variables resolved, that still knows where each value was written. */
export interface ConfigDocument {
  value: unknown;
  /** What is wrong with the file as such: YAML errors and variables that are not set. */
  problems: readonly WhalecurveError[];
  secrets: readonly string[];
  /** True when the value holds the text of a variable. */
  isFromVariable(path: ConfigPath): boolean;
  /** True when a variable of the value is not set, so that there is nothing to judge. */
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

/**
 * While YAML reads the text, `${NAME}` is spelled with three characters of Unicode's private area: braces
 * mean a mapping inside `{ … }`, and a stand-in of the same length keeps every line and column as it was.
 */
const written = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const standIn = /\uE000\uE001([A-Za-z_][A-Za-z0-9_]*)\uE002/g;

/** Places, zones and units: masking them in logs would hide much and protect nothing. */
const harmlessKeys = new Set([
  ...['currency', 'timezone', 'as_of', 'engine', 'type', 'path', 'file', 'state', 'spill'],
  ...['threads', 'memory_limit', 'cron', 'prefix', 'connect_timeout', 'statement_timeout'],
]);

export function readConfigDocument(file: string, text: string, environment: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(written, '\uE000\uE001$1\uE002'), {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  const secrets: string[] = [];
  const fromVariable = new Set<Node>();
  const unresolved = new Set<Node>();
  const missing: { offset: number; length: number; name: string }[] = [];

  visit(document, {
    Scalar(key, node, ancestors) {
      if (typeof node.value !== 'string' || node.value.search(standIn) < 0) return;
      if (key === 'key') {
        node.value = node.value.replace(standIn, '${$1}');
        return;
      }
      const pieces: string[] = [];
      const resolved = node.value.replace(standIn, (_, name: string) => {
        const value = environment[name];
        if (value === undefined) {
          const at = text.indexOf(`\${${name}}`, node.range?.[0] ?? 0);
          missing.push({ offset: at, length: name.length + 3, name });
          unresolved.add(node);
          return `\${${name}}`;
        }
        pieces.push(value);
        return value;
      });
      node.value = resolved;
      fromVariable.add(node);
      secrets.push(...secretsOf(nearestKey(ancestors), resolved, pieces));
    },
  });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && /^[a-z][a-z0-9+.-]*:\/\//i.test(node.value)) {
        if (!unresolved.has(node)) secrets.push(...secretsOfUrl(node.value));
      }
    },
  });

  const problemAt = (code: ErrorCode, offset: number, length: number, message: string, hint?: string) => {
    const { line, col } = lines.linePos(Math.min(Math.max(offset, 0), text.length));
    return new WhalecurveError(code, redactText(message, secrets), {
      where: `${file}:${line}:${col}`,
      hint,
      excerpt: redactText(excerpt(text, line, col, length), secrets),
    });
  };

  const problems = document.errors.map((error) =>
    error.code === 'DUPLICATE_KEY'
      ? problemAt(
          'WC-CONFIG-006',
          error.pos[0],
          error.pos[1] - error.pos[0],
          duplicateKey(text, error.pos[0]),
        )
      : problemAt('WC-CONFIG-001', error.pos[0], 1, `the file is not YAML: ${yamlMessage(error.message)}`),
  );
  for (const { offset, length, name } of missing) {
    const message = `the environment variable ${name} is not set`;
    const near = suggestion(name, Object.keys(environment).length > 0 ? Object.keys(environment) : []);
    const hint = `set it in the environment, or in .env beside ${basename(file)}`;
    const nearHint = near?.startsWith('did') ? `${hint}; ${near}` : hint;
    problems.push(problemAt('WC-CONFIG-004', offset, length, message, nearHint));
  }

  let value: unknown;
  try {
    value = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    problems.push(problemAt('WC-CONFIG-001', 0, 1, `the file is not YAML: ${yamlMessage(message)}`));
  }

  const nodeAt = (path: ConfigPath): Node | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(node) ? node : undefined;
  };
  return {
    value,
    problems,
    secrets: [...new Set(secrets)],
    isFromVariable: (path) => has(fromVariable, nodeAt(path)),
    isUnresolved: (path) => has(unresolved, nodeAt(path)),
    written: (path) => {
      const range = nodeAt(path)?.range;
      return range ? redactText(text.slice(range[0], range[1]).trim(), secrets) : undefined;
    },
    place: (path) => {
      const offset = (nodeAt(path) ?? keyAt(path))?.range?.[0];
      if (offset === undefined) return undefined;
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}`;
    },
    problem: (code, path, message, { hint, atKey } = {}) => {
      const node = (atKey ? keyAt(path) : nodeAt(path)) ?? keyAt(path) ?? nearestParent(path);
      const [start, end] = node?.range ?? [0, 1];
      return problemAt(code, start, end - start, message, hint);
    },
  };

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

function has(nodes: ReadonlySet<Node>, node: Node | undefined): boolean {
  return node !== undefined && nodes.has(node);
}

function nearestKey(ancestors: readonly unknown[]): string {
  const pair = ancestors.findLast((ancestor) => isPair(ancestor));
  return isPair(pair) && pair.key instanceof Scalar ? String(pair.key.value) : '';
}

function secretsOf(key: string, value: string, pieces: readonly string[]): string[] {
  if (harmlessKeys.has(key)) return [];
  // Of a URL put together from pieces only the password is secret: host and user make an error readable.
  if (URL.canParse(value))
    return pieces.includes(value) ? [value, ...secretsOfUrl(value)] : secretsOfUrl(value);
  return [...pieces];
}

/** The library names the rule that was broken, not the key. */
function duplicateKey(text: string, offset: number): string {
  const key = /^[^:\n]*/.exec(text.slice(offset))?.[0].trim() ?? '';
  return `the key \`${key}\` stands twice in the same mapping`;
}

function yamlMessage(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}

/** The line with a caret under the place, cut to about a hundred characters around it. */
function excerpt(text: string, line: number, column: number, length: number): string {
  const whole = text.split('\n')[line - 1]?.replace(/\r$/, '') ?? '';
  const start = Math.max(0, column - 61);
  const shown = `${start > 0 ? '…' : ''}${whole.slice(start, start + 100)}${whole.length > start + 100 ? '…' : ''}`;
  const indent = column - 1 - start + (start > 0 ? 1 : 0);
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - indent)));
  const gutter = String(line);
  return `${gutter} │ ${shown}\n${' '.repeat(gutter.length)} │ ${' '.repeat(indent)}${carets}`;
}
