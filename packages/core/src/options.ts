type Kind = 'number' | 'string' | 'boolean' | 'function' | 'object' | 'array'

/**
 * Checks the options of a factory where it is called: a typo is an error that names the nearest right one.
 * @param where what the user wrote, such as `logger()`
 * @param kinds the options there are, each with its kind; numbers are finite and not negative
 * @throws TypeError
 */
export const checkOptions = (where: string, options: object, kinds: Readonly<Record<string, Kind>>): void => {
  if (kindOf(options) !== 'object') throw new TypeError(`${where} takes an object of options`)
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (!kind) throw new TypeError(`${where}: there is no option \`${name}\`${didYouMean(name, Object.keys(kinds))}`)
    if (value !== undefined && (kindOf(value) !== kind || (kind === 'number' && !(value >= 0 && value < Infinity))))
      throw new TypeError(
        `${where}: \`${name}\` must be ${kind === 'number' ? 'a number from 0 up' : `a${/^[ao]/.test(kind) ? 'n' : ''} ${kind}`}`,
      )
  }
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value)

/** `: did you mean …?`, or what there is where nothing is near. */
export const didYouMean = (name: string, names: readonly string[]): string => {
  const near = names.find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 1 + name.length / 4)
  return near
    ? `: did you mean \`${near}\`?`
    : `: there is ${names.map((other) => `\`${other}\``).join(', ') || 'none'}`
}

/** Levenshtein's. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
