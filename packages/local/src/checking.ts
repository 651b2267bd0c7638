export { check, isPlainObject, nearest, OptionsError, oneOf, type Rule, text, unknown, whole } from './check.ts'
export { checkFunctionNames, functionRules } from './options.ts'
