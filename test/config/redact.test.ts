import { describe, expect, it } from '@jest/globals';
import { redact, redactText, secretsOfUrl } from '../../config/redact.ts';

describe('redacting', () => {
  it('masks a secret wherever it stands, the longer of two first', () => {
    expect(redactText('pass=tulip-tree; tulip', ['tulip', 'tulip-tree'])).toBe('pass=***; ***');
  });

  it('masks a very short secret only where it stands alone', () => {
    expect(redactText('a cat sat; password a', ['a'])).toBe('*** cat sat; password ***');
  });

  it('masks the password of any URL, also of one that came from nowhere', () => {
    expect(redactText('cannot open mysql://reader:p@ss:w0rd@db:3306/x now', [])).toBe(
      'cannot open mysql://reader:***@db:3306/x now',
    );
  });

  it('finds the password of a URL as written and as decoded, and in its parameters', () => {
    expect(secretsOfUrl('postgres://reader:p%40ss@db/x?sslpassword=key-word')).toEqual([
      'p%40ss',
      'p@ss',
      'key-word',
      'key-word',
    ]);
  });

  it('goes through plain data to any depth and leaves numbers, dates and nulls as they are', () => {
    const day = new Date('2026-01-31');
    expect(
      redact({ rows: 3, at: day, list: ['tulip', null], 'tulip key': { deep: 'a tulip' } }, ['tulip']),
    ).toEqual({
      rows: 3,
      at: day,
      list: ['***', null],
      '*** key': { deep: 'a ***' },
    });
  });
});
