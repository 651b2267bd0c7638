const why =
  'the X-Ray SDK that Powertools writes with keeps one trace for the whole process, so that of several invocations at once ' +
  'each is written into the trace of another. Use tracer() without `engine`, or opentelemetry(): both keep them apart'

/** What is said where several invocations may run at once, or do. */
export const refusal = {
  configured: `powertools() cannot be used with several invocations at once in one process (AWS_LAMBDA_MAX_CONCURRENCY is set): ${why}`,
  absent:
    'powertools(): the X-Ray SDK knows nothing of this invocation. It reads _X_AMZN_TRACE_ID, where LAMBDA_TASK_ROOT is set',
  met: `powertools(): an invocation began while another was being traced, and is not traced: ${why}`,
  spoiled: `powertools(): another invocation has taken over the X-Ray SDK, and what was left of this one's trace is not sent: ${why}`,
}
