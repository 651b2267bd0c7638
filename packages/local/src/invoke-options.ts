import { check, type Rule, text } from './check.ts'
import type { InvokeOptions } from './invoke.ts'

/** What Lambda takes as a tenant's id. */
export const tenantPattern: RegExp = /^[\w.:/=+\-@ ]{1,256}$/

const clientContext: Rule = (value) => {
  try {
    if (JSON.stringify(value) !== undefined) return undefined
  } catch {}
  return 'what JSON can write'
}

const identity: Rule = (value, where) => {
  check(value, where, { cognitoIdentityId: text(), cognitoIdentityPoolId: text() }, [
    'cognitoIdentityId',
    'cognitoIdentityPoolId',
  ])
  return undefined
}

const rules: Readonly<Record<keyof InvokeOptions, Rule>> = {
  clientContext,
  identity,
  tenantId: (value) =>
    typeof value === 'string' && tenantPattern.test(value)
      ? undefined
      : '1 to 256 of A to Z, a to z, 0 to 9, space and _.:/=+-@',
  traceId: (value) =>
    typeof value === 'string' && /^[\x20-\x7e]{1,1024}$/.test(value) ? undefined : "a tracing header: 'Root=1-…'",
  tail: (value) => (typeof value === 'boolean' ? undefined : 'true or false'),
}

/**
 * Each of them goes to the runtime in a header: what can't would leave it waiting.
 * @throws {OptionsError} naming the option, what is wrong with it, and what is right
 */
export function checkInvokeOptions(options: InvokeOptions): void {
  check(options, '', rules)
}
