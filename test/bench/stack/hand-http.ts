/**
 * The HTTP stack written by hand, as a careful engineer would for production: the measure of all others.
 *
 * Frozen, which `frozen.test.ts` holds. It came before any framework was measured, and is not changed to make one look
 * better or worse. To be fair it must do all that `stack/order.ts` says, and what follows from it in speed as well as in duty:
 *
 * - it logs by the same Powertools logger with the same keys, since what is compared is what stands round the logger;
 * - it caps the body before it decodes it, and decodes base64 strictly;
 * - it refuses poisoned JSON by a scan of the raw text, and walks through the value only where that finds something;
 * - it returns what it refuses rather than throw it, so that no stack is taken;
 * - it answers before the time is up, by one timer for each invocation, cleared in the end;
 * - it loads nothing that it does not need: zod as a namespace, no Web request or response.
 *
 * What it does not do, and a framework may: serve several invocations at once (Powertools' logger holds one at a time),
 * redact what is logged, read other payload formats.
 */
import { readJson, readText } from './body.ts'
import { beginLog, endLog, type HttpApiEvent, type LambdaContext, orderLog } from './log.ts'
import { type Placed, parseOrder, place } from './order.ts'
import { type Problem, problemJson, problemType, refused } from './problem.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
type Outcome = { readonly placed: Placed } | { readonly problem: Problem; readonly error?: Error }

export const orderByHand = (): ((event: HttpApiEvent, context: LambdaContext) => Promise<Answer>) => {
  const log = orderLog()
  return async (event, context) => {
    const started = performance.now()
    beginLog(log, event, context)
    const outcome = await beforeDeadline(context, order(event))
    const answer = 'problem' in outcome ? problemAnswer(outcome.problem, context) : orderAnswer(outcome.placed)
    endLog(log, {
      method: event.requestContext.http.method,
      path: event.rawPath,
      status: answer.statusCode,
      started,
      context,
      ...('problem' in outcome && outcome),
    })
    return answer
  }
}

const order = async (event: HttpApiEvent): Promise<Outcome> => {
  try {
    const text = readText(event.body, event.isBase64Encoded)
    if (text.problem) return text
    const json = readJson(text.value)
    if (json.problem) return json
    const parsed = parseOrder(json.value)
    if (parsed.issues) return { problem: refused(parsed.issues) }
    return { placed: await place(parsed.value) }
  } catch (thrown) {
    return { problem: { status: 500 }, error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }
}

/** Its outcome, or a 504 half a second before Lambda would end the invocation. */
const beforeDeadline = (context: LambdaContext, outcome: Promise<Outcome>): Promise<Outcome> => {
  const left = context.getRemainingTimeInMillis()
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ problem: { status: 504 }, error: new DeadlineError("not done before the function's timeout") }),
      Math.max(0, left - Math.min(500, left / 4)),
    )
    outcome.then((outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    })
  })
}
class DeadlineError extends Error {
  override readonly name: string = 'DeadlineError'
}

const orderAnswer = (placed: Placed): Answer => ({
  statusCode: 201,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(placed),
})

const problemAnswer = (problem: Problem, context: LambdaContext): Answer => ({
  statusCode: problem.status,
  headers: { 'content-type': problemType },
  body: problemJson(problem, context.awsRequestId),
})
