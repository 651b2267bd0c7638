/** Whether this process is an execution environment. */
export const inLambda: boolean = /* @__PURE__ */ (() => 'AWS_LAMBDA_RUNTIME_API' in process.env)()

const disposals: (() => Promise<void>)[] = []

/**
 * Runs what was registered, last first, when Lambda shuts the environment down. It says so only to functions with an
 * extension, by a SIGTERM and some 300 ms of time.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
export const onShutdown = (dispose: () => Promise<void>): void => {
  if (disposals.push(dispose) > 1) return
  process.once('SIGTERM', async () => {
    for (const dispose of disposals.splice(0).reverse()) await dispose().catch(console.error)
    if (process.listenerCount('SIGTERM') === 0) process.exit(0)
  })
}
