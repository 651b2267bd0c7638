import type { Context } from './context.ts'

/** Lambda's own store of what belongs to an invocation, as its runtime client puts it there. */
interface Global {
  readonly awslambda?: { readonly InvokeStore?: { getXRayTraceId?(): string | undefined } }
}

/**
 * The X-Ray header of an invocation, `Root=…;Parent=…;Sampled=…`. Where several invocations run at once, the environment's
 * variable is nobody's in particular, and is not read.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export const traceHeaderOf = (context: Context | undefined): string | undefined => {
  const { xRayTraceId } = (context ?? {}) as { readonly xRayTraceId?: string }
  if (xRayTraceId !== undefined) return xRayTraceId
  if (!process.env.AWS_LAMBDA_MAX_CONCURRENCY) return process.env._X_AMZN_TRACE_ID
  return (globalThis as Global).awslambda?.InvokeStore?.getXRayTraceId?.()
}
