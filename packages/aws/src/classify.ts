/** What kind of failure an error of AWS's is, for those who say what to do about it. */
export type Failure =
  /** There is nothing of the name, stage or version. */
  | 'missing'
  /** The function's role may not, or the key may not be used. */
  | 'denied'
  /** The name is not one. */
  | 'invalid'
  /** There are no credentials or no region, or AWS does not take them. */
  | 'credentials'
  /** Down, slow, throttling, unreachable, or answering nonsense: later it may work. */
  | 'unavailable'

/** By an error of `@fnware/aws`, of the SDK's, or one whose cause is such. */
export const classify = (error: unknown): Failure => {
  for (let it = error, depth = 0; it && depth < 5; it = (it as { cause?: unknown }).cause, depth++) {
    const code = codeOf(it)
    const found = code && kinds.find(([, pattern]) => pattern.test(code))
    if (found) return found[0]
  }
  return 'unavailable'
}

/** The name by which AWS calls a failure: `AccessDeniedException`. */
export const codeOf = (error: unknown): string | undefined => {
  const { code, name, __type } = Object(error) as { code?: unknown; name?: unknown; __type?: unknown }
  const it = [code, __type, name].find((text) => typeof text === 'string' && text !== 'Error' && text !== 'AwsError')
  return it as string | undefined
}

/** Whether a call that only reads may be made again after a failure of this name. */
export const isPassing = (code: string): boolean => passing.test(code)

const passing =
  /^(?:Throttl|TooManyRequests|RequestThrottled|RequestLimitExceeded|ProvisionedThroughput|SlowDown|BandwidthLimit|Internal|ServiceUnavailable|Unavailable|RequestTimeout|DependencyTimeout|NetworkError|InvalidAnswer|KMSInternal|PriorRequestNotComplete|TransactionInProgress)/

const kinds: readonly (readonly [Failure, RegExp])[] = [
  ['missing', /^(?:ResourceNotFound|ParameterNotFound|ParameterVersionNotFound|NotFoundException)/],
  // Secrets Manager's name for a secret that is to be deleted, and for one without a value.
  ['missing', /^InvalidRequest(?:Exception)?$/],
  [
    'denied',
    /^(?:AccessDenied|NotAuthorized|UnauthorizedOperation|DecryptionFailure|InvalidKeyId|Disabled|KMSInvalidState|KMSAccessDenied|IncorrectKey|InvalidCiphertext|KeyUnavailable)/,
  ],
  [
    'invalid',
    /^(?:InvalidParameter|Validation|ParameterMalformed|InvalidFilter|ParameterPatternMismatch|HierarchyLevelLimit)/,
  ],
  [
    'credentials',
    /^(?:CredentialsError|RegionError|CredentialsProviderError|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|MissingAuthenticationToken|IncompleteSignature|InvalidAccessKeyId|RequestExpired|OptInRequired)/,
  ],
]
