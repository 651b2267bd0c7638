import { isSchema } from './parse.ts'

type Kind = 'number' | 'string' | 'boolean' | 'function' | 'object' | 'array' | 'schema' | 'any'

const is = (value: unknown, kind: Kind): boolean => {
  if (kind === 'schema') return isSchema(value)
  if (kind === 'array') return Array.isArray(value)
  if (kind === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return (
    kind === 'any' || (typeof value === kind && (kind !== 'number' || (Number.isFinite(value) && Number(value) >= 0)))
  )
}
const words: { readonly [kind: string]: string } = {
  number: 'a number from 0 up',
  schema: 'a Standard Schema',
  boolean: 'true or false',
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
  if (!is(options, 'object')) throw new TypeError(`${where} takes an object of options`)
  checkKeys(where, 'option', options, Object.keys(known))
  for (const [name, value] of Object.entries(options)) {
    const kind = known[name] as Kind
    if (value !== undefined && !is(value, kind))
      throw new TypeError(
        `${where}: \`${name}\` must be ${words[kind] ?? `${/^[ao]/.test(kind) ? 'an' : 'a'} ${kind}`}`,
      )
  }
}

/** @throws TypeError on a key that is not known */
export const checkKeys = (where: string, what: string, object: object, known: readonly string[]): void => {
  for (const name of Object.keys(object))
    if (!known.includes(name))
      throw new TypeError(`${where}: there is no ${what} \`${name}\`${didYouMean(name, known)}`)
}

/** `: did you mean …?`, or what there is where nothing is near. */
export const didYouMean = (name: string, names: readonly string[]): string => {
  // Every edit more takes three times as long.
  const edits = Math.min(3, 1 + name.length / 4)
  const nearest = names.find((other) => near(name.toLowerCase(), other.toLowerCase(), edits))
  return nearest
    ? `: did you mean \`${nearest}\`?`
    : `: there is ${names.map((other) => `\`${other}\``).join(', ') || 'none'}`
}

/** Whether so many edits, in Levenshtein's sense, lead from one to the other. */
const near = (a: string, b: string, edits: number): boolean => {
  if (a === b) return true
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a && a[0] === b[0]) return near(restA, restB, edits)
  return edits >= 1 && (near(restA, b, edits - 1) || near(a, restB, edits - 1) || near(restA, restB, edits - 1))
}
