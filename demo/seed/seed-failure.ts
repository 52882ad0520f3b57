import { WhalecurveError } from '../../config/error.ts';
import { type FailureKind, messageOf, sourceFailure } from '../../connectors/sources/source-failure.ts';

/** The error for a person: one of the sources' own where the server was not even reached. */
export function seedFailure(
  kind: FailureKind,
  place: { silo: string; server: string; user: string },
  cause: unknown,
): WhalecurveError {
  if (cause instanceof WhalecurveError) return cause;
  const { silo, server, user } = place;
  if (kind === 'unreachable' || kind === 'untrusted' || kind === 'login') {
    const hint = `check the URL of ${silo} that \`demo seed\` was given, and that the server runs`;
    return sourceFailure(kind, { source: silo, server, user, hint }, cause);
  }
  return new WhalecurveError(
    'WC-DEMO-002',
    `the demo company could not be written into ${server}: ${messageOf(cause) || String(cause)}`,
    { where: silo, hint: `check that ${user || 'the login'} may create tables in ${server}`, cause },
  );
}
