import { InputError } from './errors.ts'

/**
 * JSON from outside. Keys that would reach a prototype once merged somewhere (`__proto__`, `constructor.prototype`) are
 * refused, however they are escaped.
 * @param where what it is the JSON of, for the error
 * @throws InputError with the place of the fault, never with the text itself
 */
export const parseJson = (text: string, where?: string): unknown => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InputError([{ message: `not valid JSON${placeIn((error as Error).message)}` }], where)
  }
  if (suspicious.test(text)) refusePoison(value, where)
  return value
}

/** A first look at the raw text, which sees every escaped ASCII letter too. */
const suspicious = /__proto__|constructor|\\u00/

/** V8 says where, but may quote the text around it. */
const placeIn = (message: string) => {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []
  return line ? ` at line ${line}, column ${column}` : /end of JSON/.test(message) ? ': it ends too early' : ''
}

const refusePoison = (root: unknown, where: string | undefined) => {
  // A list and no recursion: the text decides how deep it goes.
  const open = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__' || (key === 'constructor' && Object.hasOwn(Object(inner), 'prototype')))
        throw new InputError([{ message: `the key \`${key}\` is refused` }], where)
      open.push(inner)
    }
  }
}
