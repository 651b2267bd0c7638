import { dirname } from 'node:path'
import type { FunctionOptions } from './options.ts'
import type { Addresses } from './tracing/receivers.ts'

/** Where the developer's AWS identity comes from. All else of the developer's environment stays out. */
const identity =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.+|ENDPOINT_URL.*|CA_BUNDLE)$/

export interface Placement {
  readonly name: string
  readonly region: string
  /** host:port */
  readonly runtimeApi: string
  readonly runtime: string
  readonly logStream: string
  /** The url of the Invoke API here, once it is open. */
  readonly endpoint: string | undefined
  /** The environment's id. */
  readonly id: string
  /** Where its traces are taken. */
  readonly traces: Addresses
}

/**
 * The environment variables of an execution environment.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function processEnvironment(options: FunctionOptions, placement: Placement): Record<string, string> {
  const node = process.versions.node.split('.')[0]
  const inherited = Object.entries(process.env).filter(([name, value]) => value !== undefined && identity.test(name))
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/opt/bin`,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: placement.traces.xray,
    ...exporting(options, placement),
    ...neighbours(placement.endpoint),
    ...(Object.fromEntries(inherited) as Record<string, string>),
    ...options.environment,
    _HANDLER: options.handler,
    LAMBDA_TASK_ROOT: options.code,
    LAMBDA_RUNTIME_DIR: dirname(placement.runtime),
    AWS_LAMBDA_RUNTIME_API: placement.runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: placement.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memory ?? 128),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${placement.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: placement.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: options.environmentConcurrency ? 'lambda-managed-instances' : 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${node}.x`,
    AWS_REGION: placement.region,
    AWS_DEFAULT_REGION: placement.region,
    ...(options.environmentConcurrency ? { AWS_LAMBDA_MAX_CONCURRENCY: String(options.environmentConcurrency) } : {}),
    ...(options.logFormat ? { AWS_LAMBDA_LOG_FORMAT: options.logFormat } : {}),
    ...(options.logLevel ? { AWS_LAMBDA_LOG_LEVEL: options.logLevel } : {}),
  }
}

/** Whom a function invokes is here too, unless the developer's environment sends calls elsewhere. */
const neighbours = (endpoint: string | undefined): Record<string, string> =>
  endpoint === undefined || process.env.AWS_ENDPOINT_URL ? {} : { AWS_ENDPOINT_URL_LAMBDA: endpoint }

/** OpenTelemetry's exporters send here what is traced, unless the function sends it elsewhere. */
function exporting({ tracing, environment = {} }: FunctionOptions, { traces, id }: Placement): Record<string, string> {
  const own = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  return tracing === 'Active' && own === undefined ? { OTEL_EXPORTER_OTLP_ENDPOINT: `${traces.otlp}/${id}` } : {}
}
