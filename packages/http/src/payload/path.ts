/**
 * HTTP APIs give the path decoded, unlike all other services. Encoded again, it may be taken apart and decoded by segment,
 * as theirs may.
 */
export const encodedAgain = (path: string): string =>
  plain.test(path) ? path : encodeURI(path.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23')

const plain = /^[\w/.~-]*$/
