import fc from 'fast-check'

/** Text with everything in it that somebody may stumble over. */
export const anything: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.constantFrom(
    '',
    ' ',
    '%',
    '%2F',
    '%zz',
    '+',
    'a+b',
    '&',
    '=',
    ';',
    ',',
    '"',
    '#',
    '?',
    '/',
    '.',
    '..',
    '\0',
    '\r\n',
  ),
  // One letter in two forms: nobody may make them one.
  fc.constantFrom('é', 'e\u0301', 'ﬁ', '\u212b', '😀', '\ufeff', '\u2028', '__proto__', 'constructor', 'toString'),
)

/** A name of a header or a cookie. */
export const token: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
/** The value of a header. */
export const printable: fc.Arbitrary<string> = fc.stringMatching(
  /^[!-~\xa1-\xff]([ -~\xa1-\xff]{0,20}[!-~\xa1-\xff])?$/,
)
