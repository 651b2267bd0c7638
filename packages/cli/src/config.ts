import type { FunctionOptions } from '@fnware/local'

/** A request that shows what a function does: `fnware dev` prints it as a line for curl. */
export interface Example {
  /** GET by default; POST when there is a body. */
  readonly method?: string
  /** As in `/orders?limit=10`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A text goes as it is, all else as JSON. */
  readonly body?: unknown
}

/** One function. */
export interface FunctionConfig extends Omit<FunctionOptions, 'code' | 'handler' | 'inspect'> {
  /** The file that exports the handler, relative to the configuration file: `src/orders.ts`. */
  readonly entry: string
  /** The name under which it is exported: `handler` by default. */
  readonly handler?: string
  readonly example?: Example
  /** `Active` by default, so that what a function traces is seen; `PassThrough` is Lambda's own default. */
  readonly tracing?: 'Active' | 'PassThrough'
}

/** Something that functions need beside them, such as a database. Called to start it. */
export type Service = () => RunningService | Promise<RunningService>
export interface RunningService {
  /** Variables for every function, which may have one of the same name instead. */
  readonly environment?: Readonly<Record<string, string>>
  /** Called when the functions have ended. */
  stop?(): unknown
}

/** What `fnware.config.ts` exports by default. */
export interface Config {
  /** The functions by name. */
  readonly functions: Readonly<Record<string, FunctionConfig>>
  /** What the functions need, by name: all started at once, before the functions. */
  readonly services?: Readonly<Record<string, Service>>
  /** Where `fnware dev` listens, unless `--port` or `PORT` say otherwise: 3000 by default, 0 for any free port. */
  readonly port?: number
  /** 127.0.0.1 by default. Whoever reaches it may invoke every function, those without `http` too. */
  readonly host?: string
  /** How many invocations may be under way at once, all functions together: 100 by default, since each is a process. */
  readonly concurrency?: number
  /** The region that functions are told: `AWS_REGION` of the shell, else us-east-1. */
  readonly region?: string
}

/**
 * Types the configuration; changes nothing.
 *
 * ```ts
 * import { defineConfig } from 'fnware'
 *
 * export default defineConfig({ functions: { orders: { entry: 'src/orders.ts' } } })
 * ```
 */
export const defineConfig = (config: Config): Config => config
