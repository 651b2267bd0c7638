import type { Failure } from './failures.ts'
import type { Answer } from './runtime-api.ts'
import type { StreamTarget } from './stream-target.ts'
import type { Task } from './task.ts'

interface Open {
  readonly timer: NodeJS.Timeout
  /** Nobody waits any longer: its time was up. */
  late: boolean
  readonly answered: (answer: Answer) => void
}

const failed = (failure: Failure): Answer => ({ payload: JSON.stringify(failure), failure })

/** The invocations of an environment that its runtime has not answered yet. */
export class OpenInvocations {
  readonly #open = new Map<string, Open>()

  get size(): number {
    return this.#open.size
  }

  /** How many run on although nobody waits for them any longer. */
  get late(): number {
    return [...this.#open.values()].filter(({ late }) => late).length
  }

  /**
   * @param timedOut at the deadline: a failure is told to who waits, and the invocation goes on for nobody
   * @returns the task for the runtime; what it streams after the deadline reaches nobody
   */
  add(task: Task, answered: (answer: Answer) => void, timedOut: () => Failure | undefined): Task {
    const timer = setTimeout(() => {
      const failure = timedOut()
      if (!failure) return
      open.late = true
      answered(failed(failure))
    }, task.deadline - Date.now())
    const open: Open = { timer, late: false, answered }
    this.#open.set(task.requestId, open)
    const { stream } = task
    if (!stream) return task
    const guarded: StreamTarget = {
      begin: (contentType) => open.late || stream.begin(contentType),
      write: (chunk) => (open.late ? undefined : stream.write(chunk)),
    }
    return { ...task, stream: guarded }
  }

  /** @returns whether it was open */
  answer(requestId: string, answer: Answer): boolean {
    const open = this.#open.get(requestId)
    if (!open) return false
    this.#open.delete(requestId)
    clearTimeout(open.timer)
    if (!open.late) open.answered(answer)
    return true
  }

  /** All of them, each by its own name. */
  fail(failure: (requestId: string) => Failure): void {
    for (const requestId of [...this.#open.keys()]) this.answer(requestId, failed(failure(requestId)))
  }
}
