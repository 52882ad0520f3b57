import iconv from 'iconv-lite';

/**
 * The UTF-8 bytes of each of the 256 bytes of a charset, packed: length in the low 8 bits, then up to three bytes; 0
 * for a byte that the charset does not have.
 */
export type ByteTable = Uint32Array;

/** Null for a charset in which a character can take several bytes. */
export function byteTable(charset: string): ByteTable | null {
  const table = new Uint32Array(256);
  let undefinedBytes = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const text = iconv.decode(Buffer.from([byte]), charset, { stripBOM: false });
    const utf8 = Buffer.from(text);
    if (text.length !== 1 || utf8.length > 3) return null;
    if (text === '\ufffd') {
      undefinedBytes += 1;
      continue;
    }
    const [first = 0, second = 0, third = 0] = utf8;
    table[byte] = utf8.length | (first << 8) | (second << 16) | (third << 24);
  }
  // Windows-1255 leaves 23 bytes undefined; the first byte of a pair in Shift JIS, EUC or GBK looks undefined, too.
  return undefinedBytes > 50 ? null : table;
}

/** Where the first byte stands that the charset does not have, or -1. */
export function undefinedByte(chunk: Buffer, table: ByteTable): number {
  return chunk.findIndex((byte) => table[byte] === 0);
}

/**
 * Null if the charset does not have one of the bytes. Going through text instead, with iconv-lite's decoder, makes the
 * whole reading of such a file eight times slower.
 */
export function toUtf8(chunk: Buffer, table: ByteTable): Buffer | null {
  const output = Buffer.allocUnsafe(chunk.length * 3);
  let length = 0;
  for (let index = 0; index < chunk.length; index += 1) {
    const packed = table[chunk[index] as number] as number;
    if (packed === 0) return null;
    output[length] = (packed >> 8) & 0xff;
    length += 1;
    if ((packed & 0xff) > 1) {
      output[length] = (packed >> 16) & 0xff;
      length += 1;
      if ((packed & 0xff) > 2) {
        output[length] = packed >>> 24;
        length += 1;
      }
    }
  }
  return output.subarray(0, length);
}
