import { setTimeout as sleep } from 'node:timers/promises'
import { Access } from './access.ts'
import { AwsError } from './aws-error.ts'
import { type Call, Calls } from './calls.ts'
import { type Fault, Faults } from './faults.ts'
import { Kms } from './kms.ts'
import { ParameterStore } from './parameter-store.ts'
import { SecretsManager } from './secrets-manager.ts'
import type { Input, Service } from './service.ts'

/** What an answer comes to: a result, or a fault of the wire's. */
export type Outcome = { readonly result: object } | 'hang' | 'reset' | 'garbage'

export interface Asked {
  readonly service: Service
  readonly operation: string
  readonly input: Input
  /** The name that the call is remembered under: the service's own by default. */
  readonly as?: string
}

/** The services behind both ports: who may ask, what goes wrong, what is remembered. */
export class Backend {
  readonly access: Access = new Access()
  readonly faults: Faults = new Faults()
  readonly calls: Calls = new Calls()
  readonly kms: Kms
  readonly secrets: SecretsManager
  readonly parameters: ParameterStore
  /** ms that every answer takes at least. */
  latency = 0

  constructor(region: string, account: string) {
    this.kms = new Kms(region, account)
    this.secrets = new SecretsManager(region, account)
    this.parameters = new ParameterStore(region, account, this.kms)
  }

  get services(): Service[] {
    return [this.secrets, this.parameters, this.kms]
  }

  /**
   * @param identify gives the ARN of who asks
   * @throws {AwsError}
   */
  async perform(asked: Asked, identify: () => string): Promise<Outcome> {
    const { service, operation, input, as = service.name } = asked
    const call: { -readonly [Key in keyof Call]: Call[Key] } = { service: as, operation, input, at: Date.now() }
    this.calls.push(call)
    try {
      // As it is when it comes: what is late was signed in time.
      call.identity = identify()
      const { delay, fault } = this.faults.strike(call)
      if (delay + this.latency > 0) await sleep(delay + this.latency)
      if (fault) return outcomeOf(fault)
      const perform = service.operations[operation]
      if (!perform) throw unknownOperation(`test-aws does not know ${service.name}:${operation}.`)
      return { result: perform(input, this.access.caller(call.identity)) }
    } catch (error) {
      call.error = error instanceof AwsError ? error.code : String(error)
      throw error
    }
  }
}

export const unknownOperation = (message: string): AwsError => new AwsError('UnknownOperationException', message)

function outcomeOf(fault: Exclude<Fault, { delay: number }>): Outcome {
  if ('error' in fault) throw new AwsError(fault.error, fault.message ?? words[fault.error], fault.status)
  if ('hang' in fault) return 'hang'
  return 'reset' in fault ? 'reset' : 'garbage'
}

const words: { readonly [code: string]: string } = {
  ThrottlingException: 'Rate exceeded',
  InternalServiceError: 'An error occurred on the server side.',
  InternalServerError: 'An error occurred on the server side.',
}
