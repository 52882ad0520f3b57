import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextChecksum } from '../../../../connectors/sources/files/text-checksum.ts';

it('the checksum of texts is the sum of the first 8 hex digits of the md5 that Node gives of each', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 })), (texts) => {
      const checksum = new TextChecksum();
      let expected = 0n;
      for (const parts of texts) {
        for (const part of parts) checksum.add(part, 0, part.length);
        checksum.endText();
        const md5 = createHash('md5').update(Buffer.concat(parts)).digest('hex');
        expected += BigInt(`0x${md5.slice(0, 8)}`);
      }
      expect(checksum.total).toBe(expected);
    }),
  );
});

it('a text of any length has the md5 that Node gives', () => {
  const checksum = new TextChecksum();
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 121, 4000, 5000, 1_000_000]) {
    const bytes = Buffer.alloc(length, 'text');
    checksum.add(bytes, 0, length);
    expect([length, checksum.takeMd5()]).toEqual([length, createHash('md5').update(bytes).digest('hex')]);
  }
});
