/** A wrong option: says which, why, and what to write instead. */
export class OptionsError extends Error {
  override name = 'OptionsError'
}

/** Looks at one value; answers what it should have been, or nothing when it is right. */
export type Rule = (value: unknown, where: string) => string | undefined

/** How many letters must be changed, added, dropped or swapped to make one name of the other. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let steps = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) steps = Math.min(steps, before[j - 2]! + 1)
      next.push(steps)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** The known name that somebody who wrote `name` most likely meant; nothing when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = Math.max(2, Math.floor(wanted.length / 2)) + 1
  for (const candidate of known) {
    const full = candidate.toLowerCase()
    const steps = wanted.length > 2 && full.startsWith(wanted) ? 1 : distance(wanted, full)
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best
}

/** "unknown option `tiemout`: did you mean `timeout`?", or the list of what there is. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return `unknown ${what} \`${name}\`: ${near ? `did you mean \`${near}\`?` : `there is ${known.join(', ')}`}`
}

/**
 * Checks a plain object of options.
 *
 * @param where what the error calls the object, as in `functions.orders`; empty for the outermost
 * @throws {OptionsError} for an unknown option (with the nearest right one), a missing or a wrong one
 */
export function check(
  value: unknown,
  where: string,
  rules: Readonly<Record<string, Rule>>,
  needed: readonly string[] = [],
): void {
  const at = where ? `${where}: ` : ''
  if (!isPlainObject(value)) throw new OptionsError(`${at}expected an object of options, got ${show(value)}`)
  for (const [name, given] of Object.entries(value)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule) throw new OptionsError(at + unknown('option', name, Object.keys(rules)))
    if (given === undefined) continue
    const path = where ? `${where}.${name}` : name
    const expected = rule(given, path)
    if (expected) throw new OptionsError(`${path}: expected ${expected}, got ${show(given)}`)
  }
  for (const name of needed)
    if (value[name] === undefined) {
      const expected = rules[name]?.(undefined, name)
      throw new OptionsError(`${at}option \`${name}\` is missing${expected ? `: expected ${expected}` : ''}`)
    }
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'number') return String(value)
  const text = json(value) ?? 'undefined'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function json(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return "what JSON can't write"
  }
}

export const text =
  (expected = 'a text'): Rule =>
  (value) =>
    typeof value === 'string' && value !== '' ? undefined : expected

export const whole =
  (least: number, most: number, unit = ''): Rule =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `a whole number${unit} from ${least} to ${most}`

export const oneOf =
  (...choices: readonly string[]): Rule =>
  (value) =>
    choices.includes(value as string) ? undefined : `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`

export const callable: Rule = (value) => (typeof value === 'function' ? undefined : 'a function')
