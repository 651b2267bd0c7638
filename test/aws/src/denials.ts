import type { Call } from './calls.ts'
import { ServiceError } from './service-error.ts'

/** What the caller's role may not do. */
export class Denials {
  #denied: { readonly operation: string; readonly resource: string | undefined }[] = []
  readonly #region: string

  constructor(region: string) {
    this.#region = region
  }

  add(operation: string, resource?: string): void {
    this.#denied.push({ operation, resource })
  }
  clear(): void {
    this.#denied = []
  }

  /** @throws ServiceError in IAM's words */
  check({ service, operation, input }: Call): void {
    const { SecretId, Name, Path, SecretIdList, Names } = input as Record<string, string & string[]>
    const asked = [SecretId, Name, Path, ...(SecretIdList ?? []), ...(Names ?? [])].filter(Boolean)
    for (const { operation: denied, resource } of this.#denied)
      if (denied === operation && (resource === undefined || asked.includes(resource as never)))
        throw new ServiceError(
          'AccessDeniedException',
          `User: arn:aws:sts::123456789012:assumed-role/orders/orders is not authorized to perform: ${service}:${operation} on resource: arn:aws:${service}:${this.#region}:123456789012:${resource ?? asked[0] ?? '*'} because no identity-based policy allows the ${service}:${operation} action`,
        )
  }
}
