import { isAbsolute } from 'node:path'
import type { AsyncOptions } from './async-invocations.ts'
import { callable, check, isPlainObject, OptionsError, oneOf, type Rule, text, whole } from './check.ts'
import type { LambdaEvent } from './events.ts'
import { frontRule } from './fronts/front-rule.ts'
import type { FrontOptions, HttpRoute } from './fronts/options.ts'
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
  /**
   * Invocations that one environment runs at once, as on Lambda Managed Instances (there
   * `PerExecutionEnvironmentMaxConcurrency`): 1,600 at most. They share its memory and globals, the log is JSON, and
   * no timeout ends their code. By default it is no managed instance: one at a time.
   */
  readonly environmentConcurrency?: number
  /** The function's own environment variables. Names that Lambda keeps for itself are refused, as there. */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * What of the HTTP front is this function's: API Gateway's route keys (`GET /orders/{id}`, `ANY /orders/{proxy+}`,
   * `$default`), or a bare path (`/orders`), which means any method there and everywhere below. A function alone has
   * all of it by default; among several, one without `http` has nothing. `false`: nothing. Routes may have a front of
   * their own: `{ route: '/admin', front: 'alb' }`.
   */
  readonly http?: string | HttpRoute | readonly (string | HttpRoute)[] | false
  /**
   * The service that stands between HTTP and the function: `http-api` by default, `rest-api`, `function-url` or `alb`,
   * or one of these with options, as in `{ type: 'rest-api', stage: 'prod' }`.
   */
  readonly front?: FrontOptions
  /**
   * How many invocations may be under way at once, kept for this function alone; 0 throttles all. By default it shares
   * `concurrency` with the others.
   */
  readonly reservedConcurrency?: number
  /** What becomes of events that nobody waits for (`InvocationType: 'Event'`). */
  readonly async?: AsyncOptions
  /** How `console` writes: `Text` by default. */
  readonly logFormat?: 'Text' | 'JSON'
  /** The least level that `console` writes. */
  readonly logLevel?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  /**
   * As Lambda's `TracingConfig.Mode`. `Active`: every invocation is sampled, unless who invokes says `Sampled=0` (Lambda
   * takes one a second and 5 % of the others), and Lambda's own segments are told with the function's. `PassThrough`, the
   * default: only what who invokes says to be sampled, without them.
   */
  readonly tracing?: 'Active' | 'PassThrough'
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
  /**
   * 127.0.0.1 by default. Whoever reaches the port may invoke every function, those without `http` too: with `0.0.0.0`
   * that is the whole network.
   */
  readonly host?: string
  /** How many invocations may be under way at once, all functions together: 100 by default, since each is a process. */
  readonly concurrency?: number
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

const texts = (value: unknown): value is string | readonly string[] =>
  [value].flat().length > 0 && [value].flat().every((each) => typeof each === 'string')

const http: Rule = (value, where) => {
  if (value === false) return undefined
  if (texts(value)) {
    parseRouteKeys([value].flat(), where)
    return undefined
  }
  const wrong = "a route key such as 'GET /orders/{id}', a path such as '/orders', a list of them, or false"
  const routes = Array.isArray(value) ? value : [value]
  for (const [i, each] of routes.entries()) {
    if (typeof each === 'string') parseRouteKeys([each], where)
    else if (!isPlainObject(each)) return wrong
    else {
      const at = Array.isArray(value) ? `${where}[${i}]` : where
      check(
        each,
        at,
        { route: (given) => (texts(given) ? undefined : 'a route key or a path, or a list'), front: frontRule },
        ['route', 'front'],
      )
      parseRouteKeys([(each as unknown as HttpRoute).route].flat(), at)
    }
  }
  return undefined
}

const asynchronous: Rule = (value, where) => {
  const waits: Rule = (given) =>
    Array.isArray(given) && given.length && given.every((each) => typeof each === 'number' && each >= 0 && each <= 3600)
      ? undefined
      : 'a list of seconds, one for each retry, as in [60, 120]'
  check(value, where, { retries: whole(0, 2), maxAge: whole(1, 21_600, ' of seconds'), waits })
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
  environmentConcurrency: whole(1, 1600),
  environment,
  http,
  front: frontRule,
  reservedConcurrency: whole(0, 1000),
  async: asynchronous,
  logFormat: oneOf('Text', 'JSON'),
  logLevel: oneOf('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'),
  tracing: oneOf('Active', 'PassThrough'),
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
      concurrency: whole(1, 1000),
      region: text('a region such as eu-central-1'),
      runtime: (value) =>
        typeof value === 'string' && isAbsolute(value) ? undefined : 'the absolute path of a module',
      onEvent: callable,
    },
    ['functions'],
  )
  checkFunctionNames(options.functions)
  const entries = Object.entries(options.functions)
  for (const [name, each] of entries) check(each, `functions.${name}`, functionRules, ['code', 'handler'])
  checkFronts(options.functions)
}

type Fronted = Readonly<Record<string, Pick<FunctionOptions, 'front' | 'http'>>>

/**
 * @param file where the functions stand, if not in the options
 * @throws {OptionsError} for a front of a function that no route leads to
 */
export function checkFronts(functions: Fronted, file?: string): void {
  const entries = Object.entries(functions)
  for (const [name, { front, http: routes }] of entries)
    if (front !== undefined && (routes === undefined ? entries.length > 1 : routes === false)) {
      const where = `${file ? `${file}: ` : ''}functions.${name}.front`
      throw new OptionsError(`${where}: \`front\` has no effect, no route leads here: give it \`http\` too`)
    }
}
