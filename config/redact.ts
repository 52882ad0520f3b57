/** Stands in the place of whatever was secret. */
const mask = '***';

/** `scheme://user:password@`: the password of any URL, also of one that came from no variable. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):([^\s]*)@/gi;

/**
 * The text without any of the secrets and without the password of any URL. A secret of fewer than four
 * characters is masked only where it stands alone: `a` as a password must not make every word unreadable.
 */
export function redactText(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of longestFirst(secrets)) {
    redacted =
      secret.length >= 4
        ? redacted.replaceAll(secret, mask)
        : redacted.replace(new RegExp(`(?<!\\w)${escapeForPattern(secret)}(?!\\w)`, 'g'), mask);
  }
  return redacted.replace(urlPassword, `$1:${mask}@`);
}

/** A deep copy of plain data in which every text, also among the keys, is redacted. */
export function redact(value: unknown, secrets: readonly string[]): unknown {
  return mapTexts(value, (text) => redactText(text, secrets));
}

/** A deep copy of plain data in which every text, also among the keys, is what `change` makes of it. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value instanceof Error) return change(value.message);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]),
    );
  }
  return value;
}

/** What must be kept secret about a connection URL: its password as written and as decoded, and such parameters. */
export function secretsOfUrl(url: string): string[] {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    // Not a URL, so nobody can say which part of it is the password.
    return [url];
  }
  const found = [parsed.password];
  for (const [name, value] of parsed.searchParams) {
    if (/pass|secret|token|key$/i.test(name)) found.push(value);
  }
  return found.filter((secret) => secret !== '').flatMap((secret) => [secret, decoded(secret)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A password that begins another must not leave the rest of the longer one in sight. */
function longestFirst(secrets: readonly string[]): string[] {
  return [...new Set(secrets)]
    .filter((secret) => secret !== '')
    .sort((one, other) => other.length - one.length);
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
