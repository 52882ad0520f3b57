/**
 * SQL that finds small differences between an attribute of `l` and of `r`. Each starts with a test that costs a few
 * nanoseconds and that nearly all chance pairs fail; the string distances behind it cost a hundred times as much.
 */

/**
 * At most one letter is added, lost, replaced or two neighbours are swapped (Damerau). One such slip changes at most
 * two letters of the set of letters.
 */
export function oneStep(left: string, right = left): string {
  return `(bit_count(xor(l.${left}_letters, r.${right}_letters)) <= 2 and damerau_levenshtein(l.${left}, r.${right}) <= 1)`;
}

/** As oneStep, or alike by Jaro and Winkler, for words with several slips. */
export function close(attribute: string, similarity: number): string {
  const [left, right] = [`l.${attribute}`, `r.${attribute}`];
  return `(bit_count(xor(${left}_letters, ${right}_letters)) <= 4 and (jaro_winkler_similarity(${left}, ${right}, ${similarity}) >= ${similarity} or damerau_levenshtein(${left}, ${right}) <= 1))`;
}

/** oneStep for digits, where a slip leaves the first half or the second as it was. */
export function oneStepOfDigits(attribute: string, half: number): string {
  const [left, right] = [`l.${attribute}`, `r.${attribute}`];
  return `(bit_count(xor(${left}_letters, ${right}_letters)) <= 2 and (left(${left}, ${half}) = left(${right}, ${half}) or right(${left}, ${half}) = right(${right}, ${half})) and damerau_levenshtein(${left}, ${right}) <= 1)`;
}
