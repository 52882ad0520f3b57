import { type Document, isPair, isScalar, type Node, visit } from 'yaml';
import type { Environment } from './environment.ts';
import { secretsOfUrl } from './redact.ts';

/** What became of the `${NAME}`, `${file:PATH}` and `${cmd:LINE}` of a config. */
export interface ResolvedVariables {
  /** Values that hold the text of a variable. */
  fromVariable: ReadonlySet<Node>;
  /** Values of which a variable is not set, or not one. */
  unresolved: ReadonlySet<Node>;
  missing: readonly { name: string; offset: number }[];
  /** Offsets of a `${` that begins no variable. */
  malformed: readonly number[];
  secrets: readonly string[];
}

/** What a reference names, between its braces. */
const name = String.raw`[A-Za-z_][A-Za-z0-9_]*|(?:file|cmd):[^}\n\uE000-\uE002]+`;

/**
 * While YAML reads the text, `${NAME}` is spelled with three characters of Unicode's private area: braces
 * mean a mapping inside `{ … }`, and a stand-in of the same length keeps every line and column as it was.
 */
export function withStandIns(text: string): string {
  return text.replace(new RegExp(`\\$\\{(${name})\\}`, 'g'), '\uE000\uE001$1\uE002');
}

/** A stand-in; its group is what stood between the braces. */
export const standIn = new RegExp(`\uE000\uE001(${name})\uE002`, 'g');

/** Places, zones and units: masking them in logs would hide much and protect nothing. */
const harmlessKeys = new Set([
  ...['currency', 'timezone', 'as_of', 'engine', 'type', 'path', 'file', 'state', 'spill', 'masked'],
  ...['threads', 'memory_limit', 'cron', 'prefix', 'connect_timeout', 'statement_timeout'],
]);

/** Puts the values of the references in place of the stand-ins, in the document itself. */
export function resolveVariables(document: Document, text: string, values: Environment): ResolvedVariables {
  const fromVariable = new Set<Node>();
  const unresolved = new Set<Node>();
  const missing: { name: string; offset: number }[] = [];
  const malformed: number[] = [];
  const secrets: string[] = [];
  visit(document, {
    Scalar(role, node, ancestors) {
      if (typeof node.value !== 'string') return;
      const start = node.range?.[0] ?? 0;
      if (node.value.includes('${')) {
        malformed.push(text.indexOf('${', start));
        unresolved.add(node);
      }
      if (node.value.search(standIn) < 0) return noteUrl(node.value, secrets);
      if (role === 'key') {
        node.value = node.value.replace(standIn, '${$1}');
        return;
      }
      const pieces: string[] = [];
      const resolved = node.value.replace(standIn, (_, reference: string) => {
        const value = values[reference];
        if (value !== undefined) {
          pieces.push(value);
          return value;
        }
        missing.push({ name: reference, offset: text.indexOf(`\${${reference}}`, start) });
        unresolved.add(node);
        return `\${${reference}}`;
      });
      node.value = resolved;
      fromVariable.add(node);
      if (!harmlessKeys.has(nearestKey(ancestors))) secrets.push(...secretsIn(resolved, pieces));
    },
  });
  return { fromVariable, unresolved, missing, malformed, secrets: [...new Set(secrets)] };
}

/** A URL with its password in the file itself: not good, but no reason to print it. */
function noteUrl(value: string, secrets: string[]): void {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) secrets.push(...secretsOfUrl(value));
}

/** Of a URL put together from pieces only the password is secret: host and user make an error readable. */
function secretsIn(value: string, pieces: readonly string[]): string[] {
  if (!URL.canParse(value)) return [...pieces];
  return pieces.includes(value) ? [value, ...secretsOfUrl(value)] : secretsOfUrl(value);
}

function nearestKey(ancestors: readonly unknown[]): string {
  const pair = ancestors.findLast((ancestor) => isPair(ancestor));
  return isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : '';
}
