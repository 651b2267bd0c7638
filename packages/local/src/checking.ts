export { check, isPlainObject, nearest, OptionsError, oneOf, type Rule, text, unknown, whole } from './check.ts'
export { checkFronts, checkFunctionNames, functionRules } from './options.ts'
