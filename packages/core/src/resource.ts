import { environment } from './environment.ts'
import type { Kept } from './fresh.ts'
import { type Invocation, reserved } from './invocation.ts'
import { joins } from './joins.ts'
import { checkOptions } from './options.ts'
import type { AnyResource, Plan } from './plan.ts'

declare const made: unique symbol

/** Made once per execution environment (Lambda's INIT phase), under one key, and shared by every invocation. */
export interface Resource<in Needs extends object = {}, out Key extends string = string, out Value = unknown> {
  /** Where it is found on the context. */
  readonly key: Key
  /** The resources that `init` waits for. With none it starts at once. */
  readonly needs: readonly string[]
  init(resources: Needs, init: Init<Needs>): Value | Promise<Value>
  dispose?(value: unknown): unknown
  perInvocation?(value: unknown, invocation: Pick<Invocation, 'signal' | 'defer'>): unknown
  /** By {@link resource} alone. */
  readonly [made]: true
}

/** What an `init` is given beside the resources it names. */
export interface Init<out Needs extends object = {}> {
  /** Runs a selector of the user's as soon as what it reads is there. Also later, at each connect. */
  read<T>(select: (resources: Needs) => T): Promise<Awaited<T>>
  /** Waits for a value's first fetch, and has it looked after during later invocations. */
  keep<K extends Kept>(kept: K): Promise<K>
}

export interface ResourceSpec<Needs extends object, Need extends keyof Needs & string, Value> {
  /** The earlier resources that `init` reads: it starts when these are there. */
  readonly needs?: readonly Need[]
  /** Makes the value. What it throws is reported by the invocation that met it, and the next one tries again. */
  init(resources: Pick<Needs, Need>, init: Init<Needs>): Value | Promise<Value>
  /**
   * Lets go of the value, when the environment shuts down and by `handler.dispose()`. One that has not ended after 10 s,
   * or 200 ms in Lambda, is reported, and waited for no longer.
   */
  dispose?(value: Value): unknown
  /**
   * What one invocation finds under the key: made of the value when it is first read, such as a handle that gives back
   * what was borrowed when the invocation ends. Other resources see the value itself.
   */
  perInvocation?(value: Value, invocation: Pick<Invocation, 'signal' | 'defer'>): Value
}

/**
 * A resource: one value per execution environment.
 *
 * @example
 * const stripe = resource('stripe', { needs: ['secrets'], init: ({ secrets }) => new Stripe(secrets.stripe) })
 * @throws TypeError on a reserved key or an unknown option
 */
export function resource<
  const Key extends string,
  Needs extends object,
  Value,
  const Need extends keyof Needs & string = never,
>(
  key: Key,
  spec: ResourceSpec<Needs, Need, Value> & ([Need] extends [never] ? {} : { readonly needs: readonly Need[] }),
): Resource<Needs, Key, Value> {
  checkOptions(`resource('${key}')`, spec, {
    needs: 'array',
    init: 'function',
    dispose: 'function',
    perInvocation: 'function',
  })
  if (reserved.includes(key)) throw taken(key)
  return {
    needs: [],
    ...spec,
    key,
    [joins](plan: Plan) {
      return joined(plan, this as never)
    },
  } as never
}

const joined = (plan: Plan, it: AnyResource): Plan => {
  if (plan.resources.includes(it)) return plan
  const keys = plan.resources.map(({ key }) => key)
  if (keys.includes(it.key)) throw taken(it.key)
  const missing = !plan.loose && it.needs.find((need) => !keys.includes(need))
  if (missing)
    throw new TypeError(
      `the resource \`${it.key}\` needs \`${missing}\`: .use() what provides it, earlier in the chain`,
    )
  return { environment, ...plan, resources: [...plan.resources, it] }
}

const taken = (key: string) => new TypeError(`\`${key}\` is already on the context: give this resource another key`)
