import { check, isPlainObject, OptionsError, oneOf, type Rule } from '../check.ts'
import type { FrontName } from './options.ts'

const names: readonly FrontName[] = ['http-api', 'rest-api', 'function-url', 'alb']

const texts: Rule = (value) =>
  isPlainObject(value) && Object.values(value).every((each) => typeof each === 'string') ? undefined : 'texts by name'
const object: Rule = (value) => (isPlainObject(value) ? undefined : 'an object')
const boolean: Rule = (value) => (typeof value === 'boolean' ? undefined : 'true or false')
const stage: Rule = (value) =>
  typeof value === 'string' && /^[\w-]{1,128}$/.test(value) ? undefined : "letters, digits, - and _, as in 'prod'"
const mediaTypes: Rule = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && /^[^\s/]+\/[^\s/]+$/.test(each))
    ? undefined
    : "a list of types, as in ['image/*']"

const type = oneOf(...names)
const rules: Readonly<Record<FrontName, Readonly<Record<string, Rule>>>> = {
  'http-api': { type, stageVariables: texts, authorizer: object },
  'rest-api': {
    type,
    stage,
    stageVariables: texts,
    authorizer: object,
    binaryMediaTypes: mediaTypes,
    stream: boolean,
  },
  'function-url': { type, authorizer: object, stream: boolean },
  alb: { type, multiValueHeaders: boolean },
}

const isName = (value: unknown): value is FrontName => names.includes(value as FrontName)

/** The rule of an option that takes a front. */
export const frontRule: Rule = (value, where) => {
  if (isName(value)) return undefined
  if (!isPlainObject(value)) return `${type('', '')}, or an object with such a \`type\``
  if (!isName(value.type)) {
    check({ type: value.type }, where, { type }, ['type'])
    throw new OptionsError(`${where}.type: expected ${type('', '')}`)
  }
  check(value, where, rules[value.type], ['type'])
  return undefined
}
