import type { Context } from '@fnware/core'
import { traceHeaderOf } from '@fnware/core/extend'

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

export const identityOf = (
  context: Context | undefined,
  correlationId: string | undefined,
  coldStart: boolean,
  sampleRateValue: number,
): Identity => {
  const { tenantId } = (context ?? {}) as { readonly tenantId?: string }
  return {
    attributes: {
      sampleRateValue,
      xRayTraceId: rootOf(traceHeaderOf(context)?.trim()),
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

/** The root of a trace header, or the whole of a bare id, as Powertools reads them. */
const rootOf = (trace: string | undefined) =>
  trace?.includes('=') ? /(?:^|;)\s*Root=([^;]+)/.exec(trace)?.[1] : trace || undefined
