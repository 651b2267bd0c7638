import type { Context } from '@fnware/core'

/** What Powertools' formatters know of an invocation. */
export interface InvocationKeys {
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

/** Whether no invocation has come to this environment yet. Environments that were warmed before are never cold. */
let cold = (process.env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand') === 'on-demand'

/** To be called once for each invocation. */
export const invocationKeys = (context: Context | undefined, sampleRateValue: number): InvocationKeys => {
  const coldStart = cold
  cold = false
  const { tenantId, xRayTraceId = process.env._X_AMZN_TRACE_ID } = (context ?? {}) as {
    tenantId?: string
    xRayTraceId?: string
  }
  return {
    sampleRateValue,
    xRayTraceId: /Root=([^;]+)/.exec(xRayTraceId ?? '')?.[1],
    lambdaContext: context && {
      coldStart,
      invokedFunctionArn: context.invokedFunctionArn,
      awsRequestId: context.awsRequestId,
      memoryLimitInMB: context.memoryLimitInMB,
      functionName: context.functionName,
      functionVersion: context.functionVersion,
      tenantId,
    },
  }
}
