const backslash = 92;

interface Place {
  isQuoted: boolean;
  /** The byte before was a backslash, which is not written yet. */
  isEscaping: boolean;
}

/**
 * Rewrites `\"` inside quotes to `""` and `\\` to `\`, as programs write CSV that think in C strings; any other
 * backslash stays. DuckDB's own `escape='\'` drops the backslash of `C:\temp`, and papaparse takes the last quote of
 * `"ends in \\"` for an escaped one.
 */
export async function* withoutBackslashEscapes(
  bytes: AsyncIterable<Buffer>,
  quote: string,
): AsyncGenerator<Buffer> {
  const place: Place = { isQuoted: false, isEscaping: false };
  for await (const chunk of bytes) yield rewritten(chunk, quote.charCodeAt(0), place);
}

function rewritten(chunk: Buffer, quote: number, place: Place): Buffer {
  const output = Buffer.allocUnsafe(chunk.length + 1);
  let { isQuoted, isEscaping } = place;
  let length = 0;
  for (let index = 0; index < chunk.length; index += 1) {
    const byte = chunk[index] as number;
    if (isQuoted && !isEscaping && byte === backslash) {
      isEscaping = true;
      continue;
    }
    if (isEscaping) {
      isEscaping = false;
      if (byte !== backslash) {
        output[length] = byte === quote ? quote : backslash;
        length += 1;
      }
    } else if (byte === quote) {
      isQuoted = !isQuoted;
    }
    output[length] = byte;
    length += 1;
  }
  place.isQuoted = isQuoted;
  place.isEscaping = isEscaping;
  return output.subarray(0, length);
}
