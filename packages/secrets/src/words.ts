import { classify, codeOf, described, type Failure, type Fault, unquoted } from '@fnware/aws/extend'
import { SecretError, type SecretErrorKind } from './error.ts'
import type { Wanted } from './fetching.ts'
import type { SecretRequest } from './transport.ts'

// The words in which a secret is refused: what it is, what is wrong, how to mend it. `test/errors.txt` has them all.

/** What could not be fetched. */
export const notFetched = (wanted: Wanted, thrown: unknown): SecretError => {
  const cause = unquoted(thrown)
  const kind = classify(cause)
  const text = sentences[kind]({
    name: named(wanted.secret.request),
    request: wanted.secret.request,
    code: codeOf(cause),
    said: cause instanceof Error ? cause.message.replace(/\.$/, '') : '',
  })
  return refused(wanted, kind, text, { cause })
}

export const notText = (wanted: Wanted): SecretError =>
  refused(wanted, 'format', `${quoted(wanted)} holds bytes: secret(${quoted(wanted)}, { format: 'binary' })`)

export const notBinary = (wanted: Wanted): SecretError =>
  refused(wanted, 'format', `${quoted(wanted)} holds text: leave out { format: 'binary' }, or store it as SecretBinary`)

/** @param why what the parser said of the place, and nothing of the text */
export const notJson = (wanted: Wanted, why: string): SecretError =>
  refused(
    wanted,
    'json',
    `${quoted(wanted)} cannot be read as JSON: ${why}; store JSON, or read it as { format: 'text' }`,
  )

export const notFitting = (wanted: Wanted, faults: readonly Fault[]): SecretError =>
  refused(
    wanted,
    'schema',
    `${quoted(wanted)} does not fit its schema: ${described(faults)}; mend the secret, or the schema`,
    { field: faults[0]?.field || undefined },
  )

interface Told {
  readonly name: string
  readonly request: SecretRequest
  readonly code: string | undefined
  readonly said: string
}
const sentences: Readonly<Record<Failure, (told: Told) => string>> = {
  missing: ({ name, code, request: { stage, version } }) =>
    stage || version
      ? `there is no ${name} (${code}): look at its versions, or leave out \`${version ? 'version' : 'stage'}\``
      : `there is no ${name} with a value in this account and region (${code}): create it, restore it if it is being deleted, or mend the name`,
  denied: ({ name, code = '', said }) => {
    const permission = /perform: secretsmanager:Batch/.test(said)
      ? 'secretsmanager:BatchGetSecretValue, which `batch` calls, on *'
      : /Decryption|KMS|Key/.test(code)
        ? 'kms:Decrypt on the key that the secret is encrypted with'
        : 'secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own'
    return `the function's role may not read ${name} (${code}): allow it ${permission}`
  },
  invalid: ({ name, code }) => `${name} is not what a secret can be called (${code}): mend its name, stage or version`,
  credentials: ({ name, code = '', said }) =>
    /^(?:Credentials|Region)/.test(code)
      ? `${name} could not be fetched: ${said}`
      : `${name} could not be fetched: AWS does not take the function's credentials (${code}): look at its AWS_ variables, or at the \`credentials\` given`,
  unavailable: ({ name, code, said }) => {
    const which = code && !said.includes(code) ? ` (${code})` : ''
    return `${name} could not be fetched${which}: ${said || 'Secrets Manager gave no answer'}; ${remedyFor(code)}`
  },
}

const remedyFor = (code = '') => {
  if (/Throttl|TooMany|Limit/.test(code)) return 'fetch more at once with `batch`, or less often with a longer `ttl`'
  if (code === 'ExtensionNotReady') return 'give it another for INIT: extension({ otherwise: https() })'
  if (/^$|Network|^E[A-Z]+$|Timeout/.test(code))
    return 'look whether the function can reach it (in a VPC, by an endpoint or a NAT gateway), or give it a longer `timeout`'
  return 'the next invocation tries again'
}

const quoted = ({ secret }: Wanted) => `'${secret.request.id}'`

const named = ({ id, stage, version }: SecretRequest) =>
  `'${id}'${version ? ` of version ${version}` : ''}${stage ? ` with the stage ${stage}` : ''}`

const refused = (
  { path, secret }: Wanted,
  kind: SecretErrorKind,
  text: string,
  more: { readonly cause?: unknown; readonly field?: string | undefined } = {},
) => new SecretError(text, { kind, path, id: secret.request.id, ...more })
