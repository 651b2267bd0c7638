import { withoutSecrets } from '../secrets.ts'

/** As X-Ray has them. */
export interface Exception {
  readonly id: string
  readonly message: string
  readonly type: string
  readonly remote?: boolean
  readonly cause?: string
  readonly truncated?: number
  readonly skipped?: number
  readonly stack?: readonly Frame[]
}
interface Frame {
  readonly path: string
  readonly line: number
  readonly label: string
}

const most = { exceptions: 8, frames: 30, message: 2000, name: 200 }

/**
 * An error, its chain of causes and the errors that it gathers, each told once, the outermost first.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-errors
 */
export const exceptionsOf = (error: unknown, id: () => string): readonly Exception[] => {
  const queue: unknown[] = [error]
  const ids = new Map([[error, id()]])
  const referred = (thrown: unknown): string | undefined => {
    // What there is no room for is not referred to.
    if (!ids.has(thrown) && queue.length < most.exceptions) {
      ids.set(thrown, id())
      queue.push(thrown)
    }
    return ids.get(thrown)
  }
  const exceptions: Exception[] = []
  for (const thrown of queue) {
    const { cause, errors } = within(thrown)
    const causeId = cause === undefined ? undefined : referred(cause)
    for (const one of errors) referred(one)
    exceptions.push({ id: ids.get(thrown) as string, ...told(thrown), ...(causeId && { cause: causeId }) })
  }
  return exceptions
}

const within = (thrown: unknown): { cause?: unknown; errors: readonly unknown[] } => {
  try {
    const { cause, errors } = thrown as { cause?: unknown; errors?: unknown }
    return { cause, errors: Array.isArray(errors) ? errors.slice(0, most.exceptions) : [] }
  } catch {
    return { errors: [] }
  }
}

const told = (thrown: unknown): Pick<Exception, 'message' | 'type' | 'stack' | 'truncated'> => {
  try {
    if (!(thrown instanceof Error)) return { type: typeof thrown, message: cut(String(thrown), most.message) }
    const { name, message, stack } = thrown
    const type = name === 'Error' ? (thrown.constructor?.name ?? name) : name
    return { type: cut(String(type), most.name), message: cut(String(message), most.message), ...framesOf(stack) }
  } catch {
    return { type: 'Error', message: '(unreadable)' }
  }
}
const cut = (whole: string, length: number) => {
  const text = withoutSecrets(whole)
  return (text.length > length ? `${text.slice(0, length)}… [${text.length} characters]` : text).toWellFormed()
}

const framesOf = (stack: unknown): Pick<Exception, 'stack' | 'truncated'> => {
  if (typeof stack !== 'string') return {}
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const frames = lines.slice(0, most.frames).map(frameOf)
  const truncated = lines.length - frames.length
  return { ...(frames.length > 0 && { stack: frames }), ...(truncated > 0 && { truncated }) }
}
/** `at label (path:line:column)`, or without the label. */
const frameOf = (text: string): Frame => {
  const [, label, path, line] = /^\s+at (?:(.*) \()?(.*?)(?::(\d+))?(?::\d+)?\)?$/.exec(text) ?? []
  return {
    path: cut(path ?? '', most.name),
    line: Number(line ?? 0),
    label: cut(label ?? 'anonymous', most.name),
  }
}
