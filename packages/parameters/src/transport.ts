/** Which parameter is wanted. */
export interface ParameterRequest {
  /** Its name, with its `:version` or `:label` if one is wanted; or its ARN. */
  readonly name: string
  /** Whether a value that was kept on the way was found wrong, so that another must be fetched from the service itself. */
  readonly anew?: boolean | undefined
}

/** How parameters are fetched, decrypted: `https()`, `sdk()`, `extension()`, `powertools()`, or your own. */
export interface Transport {
  get(request: ParameterRequest, signal: AbortSignal): Promise<string>
  /** Up to ten parameters, in the order of their names; an Error for each that failed alone. */
  getMany?(names: readonly string[], signal: AbortSignal): Promise<readonly (string | Error)[]>
  /** All below a path, at any depth, by their full names. */
  getPath?(path: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>>
}
