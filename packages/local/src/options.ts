import { isAbsolute } from 'node:path'
import { callable, check, isPlainObject, OptionsError, oneOf, type Rule, text, whole } from './check.ts'
import type { LambdaEvent } from './events.ts'
import { parseRouteKeys } from './http-routes.ts'

/** One function, configured as in Lambda. */
export interface FunctionOptions {
  /** The task root: the absolute path of the folder that Lambda would lay out as `/var/task`. */
  readonly code: string
  /** `file.export` below the task root, as in `orders.handler`. */
  readonly handler: string
  /** Seconds that an invocation may take: 3 by default, 900 at most. */
  readonly timeout?: number
  /** Megabytes: 128 by default, 10,240 at most. */
  readonly memory?: number
  /** The function's own environment variables. Names that Lambda keeps for itself are refused, as there. */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * What of the HTTP front is this function's: API Gateway's route keys (`GET /orders/{id}`, `ANY /orders/{proxy+}`,
   * `$default`), or a bare path (`/orders`), which means any method there and everywhere below. A function alone has
   * all of it by default; among several, one without `http` has nothing. `false`: nothing.
   */
  readonly http?: string | readonly string[] | false
  /** How `console` writes: `Text` by default. */
  readonly logFormat?: 'Text' | 'JSON'
  /** The least level that `console` writes. */
  readonly logLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  /**
   * A port of 127.0.0.1 on which a debugger finds this function before its first invocation. One environment at a time
   * has it; while a debugger is attached to it, no timeout ends its invocations.
   */
  readonly inspect?: number
}

export interface LocalOptions {
  /** The functions by name. */
  readonly functions: Readonly<Record<string, FunctionOptions>>
  /** Where the HTTP front listens: 3000 by default; 0 takes any free port. */
  readonly port?: number
  /** 127.0.0.1 by default. */
  readonly host?: string
  /** `AWS_REGION` of this process, else us-east-1. */
  readonly region?: string
  /**
   * The runtime client that every environment starts: an ES module that speaks the Runtime API, such as the
   * `index.mjs` of AWS's `aws-lambda-ric`. fnware's own by default.
   */
  readonly runtime?: string
  /** Is told of everything that happens, in order. */
  readonly onEvent?: (event: LambdaEvent) => void
}

/**
 * What Lambda keeps for itself.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const reserved = new Set(
  `_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
  AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`.split(/\s+/),
)

const environment: Rule = (value, where) => {
  if (!isPlainObject(value)) return 'an object of texts'
  for (const [name, set] of Object.entries(value)) {
    if (reserved.has(name))
      throw new OptionsError(`${where}: \`${name}\` is reserved by Lambda and can't be set. Give it another name`)
    if (!/^[a-zA-Z]\w+$/.test(name))
      throw new OptionsError(`${where}: \`${name}\` is no name for a variable: a letter, then letters, digits and _`)
    if (typeof set !== 'string') throw new OptionsError(`${where}.${name}: expected a text, got ${typeof set}`)
  }
  return undefined
}

const http: Rule = (value, where) => {
  if (value === false) return undefined
  const keys = Array.isArray(value) ? value : [value]
  if (!keys.length || !keys.every((key) => typeof key === 'string'))
    return "a route key such as 'GET /orders/{id}', a path such as '/orders', a list of them, or false"
  parseRouteKeys(keys, where)
  return undefined
}

const name = /^[\w-]{1,64}$/

/** The rules of a function's options; a command with options of its own builds on them. */
export const functionRules: Readonly<Record<string, Rule>> = {
  code: (value) => (typeof value === 'string' && isAbsolute(value) ? undefined : 'the absolute path of a folder'),
  handler: (value) =>
    typeof value === 'string' && /^[^\s]{1,128}$/.test(value) ? undefined : "'file.export', as in 'orders.handler'",
  timeout: whole(1, 900, ' of seconds'),
  memory: whole(128, 10_240, ' of megabytes'),
  environment,
  http,
  logFormat: oneOf('Text', 'JSON'),
  logLevel: oneOf('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'),
  inspect: whole(1, 65_535),
}

/** @throws {OptionsError} unless every key of `functions` can be a Lambda function's name */
export function checkFunctionNames(functions: object): void {
  const names = Object.keys(functions)
  if (!names.length) throw new OptionsError('functions: there is none. Add one by its name')
  for (const each of names)
    if (!name.test(each))
      throw new OptionsError(`functions: \`${each}\` is no name for a function: 1 to 64 letters, digits, - and _`)
}

/** @throws {OptionsError} naming the option, what is wrong with it, and what is right */
export function checkLocalOptions(options: LocalOptions): void {
  check(
    options,
    '',
    {
      functions: (value) => (isPlainObject(value) ? undefined : 'an object of functions by name'),
      port: whole(0, 65_535),
      host: text('a host name or an address'),
      region: text('a region such as eu-central-1'),
      runtime: (value) =>
        typeof value === 'string' && isAbsolute(value) ? undefined : 'the absolute path of a module',
      onEvent: callable,
    },
    ['functions'],
  )
  checkFunctionNames(options.functions)
  for (const [name, each] of Object.entries(options.functions))
    check(each, `functions.${name}`, functionRules, ['code', 'handler'])
}
