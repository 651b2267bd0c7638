import type { RunningService, Service } from './config.ts'
import { Failure } from './failure.ts'

/** What stands beside the functions while they are served: their database, say. */
export class Services {
  readonly #started: Promise<PromiseSettledResult<RunningService>[]>
  readonly #names: readonly string[]

  /** Starts all of them at once. */
  constructor(services: Readonly<Record<string, Service>>) {
    this.#names = Object.keys(services)
    this.#started = Promise.allSettled(Object.values(services).map(async (start) => start()))
  }

  /**
   * The variables that they give to the functions.
   * @throws {Failure} naming those that did not start
   */
  async environment(): Promise<Readonly<Record<string, string>>> {
    const results = await this.#started
    const failed = results.flatMap((result, i) =>
      result.status === 'rejected' ? [`services.${this.#names[i]} did not start: ${told(result.reason)}`] : [],
    )
    if (failed.length > 0) throw new Failure(failed.join('\n'))
    return Object.assign({}, ...results.map((result) => result.status === 'fulfilled' && result.value.environment))
  }

  /**
   * Stops what has started, or is still to start.
   * @throws {Failure} naming one that did not stop
   */
  async stop(): Promise<void> {
    const results = await this.#started
    await Promise.all(
      results.map(async (result, i) => {
        try {
          if (result.status === 'fulfilled') await result.value.stop?.()
        } catch (error) {
          throw new Failure(`services.${this.#names[i]} did not stop: ${told(error)}`)
        }
      }),
    )
  }
}

const told = (thrown: unknown) => (thrown instanceof Error ? thrown.stack : String(thrown))
