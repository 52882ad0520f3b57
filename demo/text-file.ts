import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file that is written line by line and keeps little in memory. Synchronous on purpose:
 * making rows is pure computation, and a promise per row would cost more than the row.
 */
export class TextFile {
  readonly #descriptor: number;
  readonly #encode: (text: string) => Uint8Array;
  #pending = '';

  constructor(path: string, encode: (text: string) => Uint8Array = (text) => Buffer.from(text, 'utf8')) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'w');
    this.#encode = encode;
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length > 200_000) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = this.#encode(this.#pending);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
    }
    this.#pending = '';
  }
}
