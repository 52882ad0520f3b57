/** Names of a header as columns: trimmed, an empty one by its place (`column_3`), a second `name` as `name_2`. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  const plain = header.map((name, index) => name.trim() || `column_${index + 1}`);
  // Without regard to case, as the engine compares names.
  const given = new Set(plain.map((name) => name.toLowerCase()));
  return plain.map((name) => {
    let unique = name;
    for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1) {
      const candidate = `${name}_${copy}`;
      // A column further on that has this name by itself keeps it.
      if (!given.has(candidate.toLowerCase())) unique = candidate;
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}
