export type { Chain, Handle, Handler, Lambda, Loose, One, Plain, PlainVerbs, Stack, Start } from './chain.ts'
export type { Context } from './context.ts'
export type { Carrier } from './correlation/carrier.ts'
export type { Correlation, CorrelationOptions } from './correlation/correlation.ts'
export { correlation } from './correlation/middleware.ts'
export type { DeadlineOptions } from './deadline.ts'
export type { Deferred, Ending } from './ending.ts'
export {
  BatchError,
  DeadlineError,
  HttpError,
  type HttpErrorOptions,
  InputError,
  OutputError,
  PermanentError,
} from './errors.ts'
export { type Cell, type Due, type Fetch, type Freshness, fresh, type Kept, live, renew } from './fresh.ts'
export { ResourceError } from './instance.ts'
export type { Invocation } from './invocation.ts'
export { isError } from './is-error.ts'
export { lambda, type Options, stack } from './lambda.ts'
export type { Middleware, Next, Outcome, Over } from './middleware.ts'
export { type Init, type Resource, type ResourceSpec, resource } from './resource.ts'
export type { Source, Wire } from './source.ts'
