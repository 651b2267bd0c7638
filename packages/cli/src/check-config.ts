import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import {
  check,
  checkFronts,
  checkFunctionNames,
  functionRules,
  isPlainObject,
  OptionsError,
  type Rule,
  text,
  whole,
} from '@fnware/local/check'
import type { Config } from './config.ts'

const { code: _code, handler: _handler, inspect: _inspect, ...shared } = functionRules

const headers: Rule = (value) =>
  isPlainObject(value) && Object.values(value).every((each) => typeof each === 'string') ? undefined : 'texts by name'

const example: Rule = (value, where) => {
  const path: Rule = (given) =>
    typeof given === 'string' && given.startsWith('/') ? undefined : "a path, as in '/orders'"
  check(value, where, { method: text("a method, as in 'POST'"), path, headers, body: () => undefined }, ['path'])
  return undefined
}

const functionConfig: Readonly<Record<string, Rule>> = {
  entry: text("the path of a file, as in 'src/orders.ts'"),
  handler: text("the name of an export, as in 'handler'"),
  example,
  ...shared,
}

/**
 * @param file the configuration file, which entries are relative to
 * @throws {OptionsError} naming the option, what is wrong with it, and what is right
 */
export function checkConfig(config: unknown, file: string): asserts config is Config {
  const name = basename(file)
  if (config === undefined)
    throw new OptionsError(`${name} has no default export: \`export default defineConfig({ … })\``)
  const functions: Rule = (value) => (isPlainObject(value) ? undefined : 'an object of functions by name')
  const services: Rule = (value) =>
    isPlainObject(value) && Object.values(value).every((each) => typeof each === 'function')
      ? undefined
      : 'an object of functions that start something, by name'
  const outer = {
    functions,
    services,
    port: whole(0, 65_535),
    host: text('a host name or an address'),
    concurrency: whole(1, 1000),
    region: text('a region'),
  }
  check(config, name, outer, ['functions'])
  const given = (config as Config).functions
  checkFunctionNames(given)
  for (const [each, options] of Object.entries(given)) {
    const where = `${name}: functions.${each}`
    check(options, where, functionConfig, ['entry'])
    const entry = resolve(dirname(file), options.entry)
    if (!existsSync(entry)) throw new OptionsError(`${where}.entry: there is no file ${entry}`)
  }
  checkFronts(given, name)
}
