import { AwsError } from './aws-error.ts'
import type { Caller } from './service.ts'

/** What is denied. All else is allowed. */
export class Access {
  #rules: { action: RegExp; resource: RegExp }[] = []

  /** @returns what lifts it */
  deny(action: string, resource: string): () => void {
    const rule = { action: pattern(action.includes(':') ? action : `*:${action}`), resource: pattern(resource) }
    this.#rules.push(rule)
    return () => {
      this.#rules = this.#rules.filter((each) => each !== rule)
    }
  }

  clear(): void {
    this.#rules = []
  }

  caller(arn: string): Caller {
    return {
      arn,
      authorize: (action, resource) => {
        // SSM's and KMS's resources are ARNs: a rule may give just the name.
        const name = resource.replace(/^arn:.*?:(parameter|key\/)/, '')
        const names = [resource, name, name.replace(/^\//, '')]
        const denied = this.#rules.some(
          (rule) => rule.action.test(action) && names.some((name) => rule.resource.test(name)),
        )
        if (!denied) return
        throw new AwsError(
          'AccessDeniedException',
          `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
        )
      },
    }
  }
}

/** As in a policy: `*` is anything, `?` one character. */
function pattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
