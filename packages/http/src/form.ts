import { InputError } from '@fnware/core'

/** The most fields that a form may have. */
const most = 1000

/**
 * The fields of a form; one sent several times is an array.
 * @throws InputError on too many fields, and on a key that would reach a prototype
 * @see https://url.spec.whatwg.org/#urlencoded-parsing
 */
export const parseForm = (text: string): Readonly<Record<string, string | string[]>> => {
  const fields: Record<string, string | string[]> = {}
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > most) throw new InputError([{ message: `a form of more than ${most} fields` }], 'body')
    if (name === '__proto__') throw new InputError([{ message: 'the key `__proto__` is refused' }], 'body')
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (before === undefined) fields[name] = value
    else if (typeof before === 'string') fields[name] = [before, value]
    else before.push(value)
  }
  return fields
}
