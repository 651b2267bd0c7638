import { isSchema } from './parse.ts'

type Kind = 'number' | 'string' | 'boolean' | 'function' | 'object' | 'array' | 'schema' | 'any'

const kinds: Readonly<Record<Kind, readonly [words: string, is: (value: unknown) => boolean]>> = {
  number: ['a number from 0 up', (value) => typeof value === 'number' && value >= 0 && value < Infinity],
  string: ['a string', (value) => typeof value === 'string'],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  function: ['a function', (value) => typeof value === 'function'],
  object: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  array: ['an array', Array.isArray],
  schema: ['a Standard Schema', isSchema],
  any: ['anything', () => true],
}

/**
 * Checks the options of a factory where it is called: a typo is an error that names the nearest right one.
 * @param where what the user wrote, such as `logger()`
 * @param known the options there are, each with its kind; numbers are finite and not negative
 * @throws TypeError
 */
export const checkOptions = (where: string, options: object, known: Readonly<Record<string, Kind>>): void => {
  if ('defer' in Object(options) && 'signal' in Object(options))
    throw new TypeError(`${where} was used without being called: .use(${where}), with its brackets`)
  if (!kinds.object[1](options)) throw new TypeError(`${where} takes an object of options`)
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    if (!kind) throw new TypeError(`${where}: there is no option \`${name}\`${didYouMean(name, Object.keys(known))}`)
    const [words, is] = kinds[kind]
    if (value !== undefined && !is(value)) throw new TypeError(`${where}: \`${name}\` must be ${words}`)
  }
}

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
