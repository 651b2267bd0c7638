import type { ServerResponse } from 'node:http'
import { event } from './event-stream.ts'
import type { LambdaFunction } from './function.ts'
import type { Invocation } from './invoke.ts'
import { type StreamTarget, writeOn } from './stream-target.ts'

/**
 * Invokes a function and passes its answer on as it comes, in AWS's event stream encoding: `PayloadChunk`, then
 * `InvokeComplete`, which says how it ended.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export async function streamInvocation(
  called: LambdaFunction,
  payload: string,
  options: Invocation,
  response: ServerResponse,
): Promise<void> {
  const start = () => {
    if (response.headersSent) return
    const headers = { 'Content-Type': 'application/vnd.amazon.eventstream', 'X-Amz-Executed-Version': '$LATEST' }
    response.writeHead(200, headers).flushHeaders()
  }
  const write = (chunk: Buffer): Promise<void> | undefined => {
    start()
    return writeOn(response, event('PayloadChunk', 'application/octet-stream', chunk))
  }
  const stream: StreamTarget = { begin: start, write }
  const result = await called.invoke(payload, { ...options, stream })
  const { functionError, logResult } = result
  if (!result.streamed && functionError === undefined) await write(Buffer.from(result.payload))
  start()
  const complete = {
    ...(functionError === undefined ? {} : { ErrorCode: functionError, ErrorDetails: result.payload }),
    ...(logResult === undefined ? {} : { LogResult: logResult }),
  }
  response.end(event('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete))))
}
