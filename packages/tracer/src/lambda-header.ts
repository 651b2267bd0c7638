import type { Context } from '@fnware/core'

/** This invocation's trace header, as Lambda gives it. */
export const traceHeaderOf = (context: Context | undefined): string | undefined => {
  const { xRayTraceId } = (context ?? {}) as { readonly xRayTraceId?: string }
  if (xRayTraceId || process.env.AWS_LAMBDA_MAX_CONCURRENCY) return xRayTraceId
  return process.env._X_AMZN_TRACE_ID
}
