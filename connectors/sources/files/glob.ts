/** True if the name has a wildcard: `*`, `?` or `{a,b}`. */
export function isGlob(name: string): boolean {
  return /[*?{]/.test(name);
}

/**
 * A pattern over paths with `/`: `*` and `?` stay within one folder, `**` crosses any number of folders (also
 * none), `{a,b}` is either, and everything else is literal. As in a shell, a wildcard at the start of a name
 * does not match a hidden file. Node's own `fs.glob` and `path.matchesGlob` are not in every Node 20.
 */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^${segments(glob)}$`);
}

const special = /[\\^$.|+()[\]{}*?]/g;

function segments(glob: string): string {
  let pattern = '';
  let position = 0;
  while (position < glob.length) {
    const rest = glob.slice(position);
    const isNameStart = position === 0 || glob[position - 1] === '/';
    const braces = /^\{([^{}]*)\}/.exec(rest);
    if (isNameStart && rest.startsWith('**/')) {
      pattern += '(?:(?!\\.)[^/]+/)*';
      position += 3;
    } else if (isNameStart && rest === '**') {
      pattern += '(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+';
      position += 2;
    } else if (rest.startsWith('*')) {
      pattern += `${isNameStart ? '(?!\\.)' : ''}[^/]*`;
      position += /^\*+/.exec(rest)?.[0].length ?? 1;
    } else if (rest.startsWith('?')) {
      pattern += `${isNameStart ? '(?!\\.)' : ''}[^/]`;
      position += 1;
    } else if (braces) {
      pattern += `(?:${(braces[1] ?? '').split(',').map(segments).join('|')})`;
      position += braces[0].length;
    } else {
      pattern += rest.charAt(0).replace(special, '\\$&');
      position += 1;
    }
  }
  return pattern;
}
