import { concurrency } from './concurrency.mjs'

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming')

const protectedKeys = {
  REQUEST_ID: Symbol.for('_AWS_LAMBDA_REQUEST_ID'),
  X_RAY_TRACE_ID: Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID'),
  TENANT_ID: Symbol.for('_AWS_LAMBDA_TENANT_ID'),
}

/** Holds the invocation under way: what is written after it still counts as its own. */
class Single {
  #context
  getStore = () => this.#context
  run(context, body) {
    this.#context = context
    return body()
  }
  begin() {
    this.#context ??= {}
    return this.#context
  }
}

/** Holds many invocations at once, each for what it began. */
function multi() {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')
  const storage = new AsyncLocalStorage()
  const begin = () => {
    const store = storage.getStore()
    if (!store) throw new Error('No context available')
    return store
  }
  return { getStore: () => storage.getStore(), run: (context, body) => storage.run(context, body), begin }
}

const holder = concurrency ? multi() : new Single()

/** The store that packages read the request's identity from, as `@aws/lambda-invoke-store` has it. */
const InvokeStore = {
  getContext: () => holder.getStore(),
  hasContext: () => holder.getStore() !== undefined,
  get: (key) => holder.getStore()?.[key],
  set(key, value) {
    if (Object.values(protectedKeys).includes(key))
      throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`)
    holder.begin()[key] = value
  },
  run: (context, body) => holder.run(context, body),
  getRequestId: () => holder.getStore()?.[protectedKeys.REQUEST_ID] ?? '-',
  getXRayTraceId: () => holder.getStore()?.[protectedKeys.X_RAY_TRACE_ID],
  getTenantId: () => holder.getStore()?.[protectedKeys.TENANT_ID],
}

/** Of the tenant only the log knows: AWS's client does not put it into the store (aws-lambda-ric 4.0.2). */
const tenant = Symbol('tenant')

/** Whom a line of the log is for. */
export const identity = () => ({ requestId: InvokeStore.getRequestId(), tenantId: holder.getStore()?.[tenant] })

/** Runs an invocation, so that all that it does can tell whose it is. */
export const inInvocation = ({ awsRequestId, xRayTraceId, tenantId }, body) =>
  holder.run(
    Object.defineProperty(
      { [protectedKeys.REQUEST_ID]: awsRequestId, [protectedKeys.X_RAY_TRACE_ID]: xRayTraceId },
      tenant,
      { value: tenantId },
    ),
    body,
  )

export function setGlobals() {
  globalThis.awslambda = {
    InvokeStore,
    streamifyResponse(handler, options) {
      handler[streaming] = 'response'
      if (options?.highWaterMark)
        handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] = options.highWaterMark
      return handler
    },
    /** The first write says status and headers: JSON, eight zero bytes, then the body. */
    HttpResponseStream: {
      from(stream, prelude) {
        stream.setContentType('application/vnd.awslambda.http-integration-response')
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(prelude))
          write(new Uint8Array(8))
        }
        return stream
      },
    },
  }
}
