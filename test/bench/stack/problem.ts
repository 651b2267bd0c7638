import type { Issue } from './body.ts'

/** What a client did wrong, or what it is told of what went wrong here. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly status: 400 | 404 | 405 | 413 | 500 | 504
  readonly detail?: string
  readonly errors?: readonly Fault[]
}
export interface Fault {
  readonly in: 'body'
  readonly pointer: string
  readonly detail: string
}

const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  504: 'Gateway Timeout',
} as const

/** A problem thrown, where a framework wants it so. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

export const refused = (issues: readonly Issue[]): Problem => ({
  status: 400,
  detail: 'the body, read as application/json, is not as it must be: see errors',
  errors: issues.map(({ message, path = [] }) => ({
    in: 'body',
    pointer: `#${encodeURI(pointer(path))}`,
    detail: message,
  })),
})

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
const pointer = (path: readonly unknown[]): string => {
  let text = ''
  for (const step of path) {
    const key = typeof step === 'object' && step !== null ? (step as { key: PropertyKey }).key : step
    text += `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return text
}

/** The body of the answer. */
export const problemJson = ({ status, detail, errors }: Problem, requestId: string): string =>
  JSON.stringify({ title: titles[status], status, detail, errors, requestId })

/** What went wrong, for the log. */
export const wordsOf = ({ detail, errors, status }: Problem): string =>
  errors?.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`.trim()).join('; ') ?? detail ?? titles[status]

export const problemType = 'application/problem+json'
