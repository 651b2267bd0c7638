/** Which version of a secret is wanted. */
export interface SecretRequest {
  /** Its name or ARN. */
  readonly id: string
  readonly version?: string | undefined
  /** A staging label; `AWSCURRENT` where neither is given. */
  readonly stage?: string | undefined
  /** Whether a value that was kept on the way was found wrong, so that another must be fetched from the service itself. */
  readonly anew?: boolean | undefined
}

/** A secret as it is stored: text or bytes. */
export interface StoredSecret {
  /** The version's id, or whatever tells one version from another. */
  readonly version: string | undefined
  readonly text?: string | undefined
  readonly binary?: Uint8Array | undefined
}

/** How secrets are fetched: `https()`, `sdk()`, `extension()`, `powertools()`, or your own. */
export interface Transport {
  get(request: SecretRequest, signal: AbortSignal): Promise<StoredSecret>
  /** The current versions of up to 20 secrets, in their order; an Error for each that failed alone. */
  getMany?(ids: readonly string[], signal: AbortSignal): Promise<readonly (StoredSecret | Error)[]>
}

/** Requests that are answered alike. */
export const sameAs = ({ id, version, stage }: SecretRequest): string =>
  JSON.stringify([id, version, stage === 'AWSCURRENT' && !version ? undefined : stage])
