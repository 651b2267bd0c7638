/** Says what is wrong with a value, in sentences that begin with where it stands. */
export type Rule = (value: unknown, where: string, report: (fault: string) => void) => void

export type Fields = Readonly<Record<string, Rule>>

interface Texts {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
  /** What it must be, where a pattern does not read well. */
  readonly says?: string
}

/** What a fault shows of a value. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

export function text({ min = 0, max = Number.POSITIVE_INFINITY, pattern, says }: Texts = {}): Rule {
  return (value, where, report) => {
    if (typeof value !== 'string') return report(`${where} must be a string, and is ${shown(value)}`)
    const { length } = [...value]
    if (length < min) return report(`${where} has ${length} characters, and must have at least ${min}`)
    if (length > max) report(`${where} has ${length} characters, and may have ${max}`)
    if (pattern !== undefined && !pattern.test(value))
      report(`${where} must be ${says ?? `like ${pattern.source}`}, and is ${shown(value)}`)
  }
}

export function oneOf(...allowed: readonly unknown[]): Rule {
  return (value, where, report) => {
    if (!allowed.includes(value)) report(`${where} must be ${allowed.map(shown).join(' or ')}, and is ${shown(value)}`)
  }
}

interface Numbers {
  readonly min?: number
  readonly max?: number
  readonly integer?: boolean
}

export function number({ min, max, integer = false }: Numbers = {}): Rule {
  return (value, where, report) => {
    const wanted = integer ? 'an integer' : 'a number'
    if (typeof value !== 'number' || !Number.isFinite(value) || (integer && !Number.isInteger(value)))
      return report(`${where} must be ${wanted}, and is ${shown(value)}`)
    if (min !== undefined && value < min) report(`${where} must be at least ${min}, and is ${value}`)
    if (max !== undefined && value > max) report(`${where} must be at most ${max}, and is ${value}`)
  }
}

export const boolean: Rule = oneOf(true, false)

export const anything: Rule = () => {}

/** An object without members other than these. */
export function object(fields: Fields, required: readonly string[] = []): Rule {
  return (value, where, report) => {
    if (!isObject(value)) return report(`${where} must be an object, and is ${shown(value)}`)
    for (const [name, member] of Object.entries(value)) {
      const rule = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (rule === undefined) report(`${within(where, name)} is no known field`)
      else rule(member, within(where, name), report)
    }
    for (const name of required) if (!Object.hasOwn(value, name)) report(`${within(where, name)} is missing`)
  }
}

/** An object with any members of one kind. */
export function record(name: Rule, member: Rule): Rule {
  return (value, where, report) => {
    if (!isObject(value)) return report(`${where} must be an object, and is ${shown(value)}`)
    for (const [key, each] of Object.entries(value)) {
      name(key, `the key ${shown(key)} of ${where}`, report)
      member(each, within(where, key), report)
    }
  }
}

export function list(rule: Rule, { min = 0, max = Number.POSITIVE_INFINITY } = {}): Rule {
  return (value, where, report) => {
    if (!Array.isArray(value)) return report(`${where} must be an array, and is ${shown(value)}`)
    if (value.length < min) report(`${where} has ${value.length} elements, and must have at least ${min}`)
    if (value.length > max) report(`${where} has ${value.length} elements, and may have ${max}`)
    for (const [index, each] of value.entries()) rule(each, `${where}[${index}]`, report)
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function within(where: string, name: string): string {
  return where === '' ? name : `${where}.${name}`
}
