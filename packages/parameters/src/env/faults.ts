import type { Fault } from '@fnware/aws/extend'
import { didYouMean } from '@fnware/core/extend'
import type { EnvFault } from './env-error.ts'
import type { Seen, Variables } from './variables.ts'

/** What a schema finds wrong, as what is wrong with a variable. */
export const faultOf = ({ field, message }: Fault, all: Variables, { names }: Seen): EnvFault => {
  const [, name = ''] = field.split('/')
  // A schema may make quite another object of them before it finds a fault.
  return names.has(name)
    ? { name, field: field.slice(name.length + 1), message: ofVariable(name, message, all, names) }
    : { name: '', field, message: ofAll(message, names) }
}

const ofAll = (said: string | undefined, names: ReadonlySet<string>): string => {
  if (said === undefined) return 'they are not what the schema takes, whose own message shows a value'
  // Schemas go from one to the next.
  return said.startsWith('the schema threw') ? `${said}, when it had looked at \`${[...names].at(-1)}\`` : said
}

const ofVariable = (name: string, said: string | undefined, all: Variables, names: ReadonlySet<string>): string => {
  if (all[name] === undefined) return `is not set${slipOf(name, all, names)}`
  if (said === undefined) return 'is not what the schema takes, whose own message shows the value'
  return `${all[name] === '' ? 'is empty' : 'is wrong'}: ${said}`
}

/** A variable that is set and that the schema does not know may be the one that is meant. */
const slipOf = (name: string, all: Variables, names: ReadonlySet<string>): string => {
  const isNear = (it: string) => it[0] === name[0] && didYouMean(name, [it]).startsWith(': did you mean')
  const near = Object.keys(all).find((it) => !names.has(it) && !systems.test(it) && isNear(it))
  return near ? `, and \`${near}\` is: did you mean that?` : ''
}
/** What is set by Lambda or a shell, and by no slip. */
const systems = /^(?:_|AWS_|LAMBDA_|(?:HOME|LANG|PATH|PWD|TZ|USER)$)/
