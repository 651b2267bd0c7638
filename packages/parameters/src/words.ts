import { classify, codeOf, described, type Failure, type Fault, unquoted } from '@fnware/aws/extend'
import { ParameterError, type ParameterErrorKind } from './error.ts'
import type { Wanted } from './fetching.ts'

// The words in which a parameter is refused: what it is, what is wrong, how to mend it. `test/errors.txt` has them all.

/** What could not be fetched. */
export const notFetched = (wanted: Wanted, thrown: unknown): ParameterError => {
  const cause = unquoted(thrown)
  const kind = classify(cause)
  const { name, format } = wanted.parameter
  const text = sentences[kind]({
    name,
    isPath: format === 'path',
    code: codeOf(cause),
    said: cause instanceof Error ? cause.message.replace(/\.$/, '') : '',
  })
  return refused(wanted, kind, text, { cause })
}

/** @param why what the parser said of the place, and nothing of the text */
export const notJson = (wanted: Wanted, why: string): ParameterError =>
  refused(
    wanted,
    'json',
    `${quoted(wanted)} cannot be read as JSON: ${why}; store JSON, or read it as { format: 'text' }`,
  )

/** @param why which names are at odds */
export const notATree = (wanted: Wanted, why: string): ParameterError =>
  refused(wanted, 'format', `below ${quoted(wanted)}, ${why}; rename one of them`)

export const notFitting = (wanted: Wanted, faults: readonly Fault[]): ParameterError =>
  refused(
    wanted,
    'schema',
    `${wanted.parameter.format === 'path' ? 'what is below ' : ''}${quoted(wanted)} does not fit its schema: ${described(faults)}; mend the parameter, or the schema`,
    { field: faults[0]?.field || undefined },
  )

interface Told {
  readonly name: string
  readonly isPath: boolean
  readonly code: string | undefined
  readonly said: string
}
const sentences: Readonly<Record<Failure, (told: Told) => string>> = {
  missing: ({ name, code }) => {
    const [selector] = /:[\w.-]+$/.exec(name) ?? []
    return selector
      ? `there is no '${name}' (${code}): look at its versions and labels, or leave out \`${selector}\``
      : `there is no '${name}' in this account and region (${code}): create it, or mend the name`
  },
  denied: ({ name, isPath, code = '', said }) => {
    const permission = /KMS|Key|ciphertext|kms:/.test(code + said)
      ? 'kms:Decrypt on the key that it is encrypted with'
      : `${isPath ? 'ssm:GetParametersByPath' : 'ssm:GetParameters'} on it, and kms:Decrypt if it has a key of its own`
    return `the function's role may not read '${name}' (${code}): allow it ${permission}`
  },
  invalid: ({ name, isPath, code }) =>
    `'${name}' is not what a ${isPath ? 'path' : 'parameter'} can be called (${code}): mend its name`,
  credentials: ({ name, code = '', said }) =>
    /^(?:Credentials|Region)/.test(code)
      ? `'${name}' could not be fetched: ${said}`
      : `'${name}' could not be fetched: AWS does not take the function's credentials (${code}): look at its AWS_ variables, or at the \`credentials\` given`,
  unavailable: ({ name, code, said }) => {
    const which = code && !said.includes(code) ? ` (${code})` : ''
    return `'${name}' could not be fetched${which}: ${said || 'Systems Manager gave no answer'}; ${remedyFor(code)}`
  },
}

const remedyFor = (code = '') => {
  if (/Throttl|TooMany|Limit/.test(code))
    return 'fetch less often with a longer `ttl`, or raise the throughput of Parameter Store'
  if (code === 'ExtensionNotReady') return 'give it another for INIT: extension({ otherwise: https() })'
  if (/^$|Network|^E[A-Z]+$|Timeout/.test(code))
    return 'look whether the function can reach it (in a VPC, by an endpoint or a NAT gateway), or give it a longer `timeout`'
  return 'the next invocation tries again'
}

const quoted = ({ parameter }: Wanted) => `'${parameter.name}'`

const refused = (
  { path, parameter }: Wanted,
  kind: ParameterErrorKind,
  text: string,
  more: { readonly cause?: unknown; readonly field?: string | undefined } = {},
) => new ParameterError(text, { kind, path, parameter: parameter.name, ...more })
