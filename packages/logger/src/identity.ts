import type { Context } from '@fnware/core'

/** What every line of an invocation says of it. */
export interface Identity {
  /** What Powertools' formatters know. */
  readonly attributes: {
    readonly lambdaContext:
      | {
          readonly coldStart: boolean
          readonly invokedFunctionArn: string
          readonly awsRequestId: string
          readonly memoryLimitInMB: string
          readonly functionName: string
          readonly functionVersion: string
          readonly tenantId: string | undefined
        }
      | undefined
    readonly xRayTraceId: string | undefined
    readonly sampleRateValue: number
  }
  readonly keys: { readonly correlation_id: string | undefined }
  /** What a writer has made of it, for all lines. */
  head?: string
}

/** Whether no invocation has come to this environment yet. Environments that were warmed before are never cold. */
let cold = (process.env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand') === 'on-demand'

/** Whether this invocation is the environment's first. To be asked once by each. */
export const isColdStart = (): boolean => {
  const coldStart = cold
  cold = false
  return coldStart
}

export const identityOf = (
  context: Context | undefined,
  correlationId: string | undefined,
  coldStart: boolean,
  sampleRateValue: number,
): Identity => {
  const { tenantId, xRayTraceId = traceOfEnvironment() } = (context ?? {}) as {
    tenantId?: string
    xRayTraceId?: string
  }
  return {
    attributes: {
      sampleRateValue,
      xRayTraceId: rootOf(xRayTraceId),
      lambdaContext: context && {
        coldStart,
        invokedFunctionArn: context.invokedFunctionArn,
        awsRequestId: context.awsRequestId,
        memoryLimitInMB: context.memoryLimitInMB,
        functionName: context.functionName,
        functionVersion: context.functionVersion,
        tenantId,
      },
    },
    keys: { correlation_id: correlationId },
  }
}

/** Where several invocations run at once, the environment's trace is nobody's in particular. */
const traceOfEnvironment = () =>
  process.env.AWS_LAMBDA_MAX_CONCURRENCY ? undefined : process.env._X_AMZN_TRACE_ID?.trim()

/** The root of a trace header, or the whole of a bare id, as Powertools reads them. */
const rootOf = (trace: string | undefined) =>
  trace?.includes('=') ? /(?:^|;)\s*Root=([^;]+)/.exec(trace)?.[1] : trace || undefined
