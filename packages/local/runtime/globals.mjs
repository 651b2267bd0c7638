const streaming = Symbol.for('aws.lambda.runtime.handler.streaming')

/** The store that packages read the request's identity from, as `@aws/lambda-invoke-store` has it. */
export function setGlobals() {
  const keys = {
    REQUEST_ID: '_AWS_LAMBDA_REQUEST_ID',
    X_RAY_TRACE_ID: '_AWS_LAMBDA_X_RAY_TRACE_ID',
    TENANT_ID: '_AWS_LAMBDA_TENANT_ID',
  }
  const own = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, Symbol.for(key)]))
  let store
  const InvokeStore = {
    getContext: () => store,
    hasContext: () => store !== undefined,
    get: (key) => store?.[key],
    set(key, value) {
      if (Object.values(own).includes(key))
        throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`)
      store ??= {}
      store[key] = value
    },
    run(values, body) {
      store = values
      return body()
    },
    getRequestId: () => store?.[own.REQUEST_ID] ?? '-',
    getXRayTraceId: () => store?.[own.X_RAY_TRACE_ID],
    getTenantId: () => store?.[own.TENANT_ID],
  }
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
  return (context, body) =>
    InvokeStore.run({ [own.REQUEST_ID]: context.awsRequestId, [own.X_RAY_TRACE_ID]: context.xRayTraceId }, body)
}
