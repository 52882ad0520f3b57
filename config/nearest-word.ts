import leven from 'leven';

/** The known word that the reader most likely meant, or undefined when none is near. Case is ignored. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const furthest = Math.max(2, Math.floor(word.length * 0.4));
  let nearest: string | undefined;
  let distance = furthest + 1;
  for (const candidate of known) {
    const steps = leven(word.toLowerCase(), candidate.toLowerCase(), { maxDistance: furthest + 1 });
    // A word of two letters is two steps from every other: at least one letter must be kept.
    if (steps < distance && steps < Math.max(word.length, candidate.length)) {
      nearest = candidate;
      distance = steps;
    }
  }
  return nearest;
}

/** `did you mean "url"?`, with a fallback list when nothing is near and the list is short. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const words = [...known];
  const nearest = nearestWord(word, words);
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
  return words.length > 0 && words.length <= 30 ? `known are: ${words.join(', ')}` : undefined;
}
