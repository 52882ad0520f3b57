/** HTML in which everything that came from outside is escaped. */
export interface Html {
  html: string;
}

type Part = string | number | null | Html | readonly Html[];

/** A template of HTML: what is inserted is text, unless it is Html itself; null is nothing. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: pieces.map((piece, index) => piece + textOf(parts[index] ?? null)).join('') };
}

/** HTML that was made elsewhere, such as a picture of vega, which escapes its own texts. */
export function trusted(text: string): Html {
  return { html: text };
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  if ('html' in part) return part.html;
  return part.map(({ html: text }) => text).join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes; control characters that no document may hold become a mark. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
  );
}
