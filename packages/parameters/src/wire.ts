import { AwsError } from '@fnware/aws'
import type { Transport } from './transport.ts'

/** What Systems Manager answers, in the parts that are read. */
export interface ParameterValue {
  readonly Name?: string | undefined
  readonly ARN?: string | undefined
  readonly Value?: string | undefined
}
export interface ParametersAnswer {
  readonly Parameters?: readonly ParameterValue[] | undefined
  readonly NextToken?: string | undefined
}

export type ParametersCall = (
  operation: 'GetParameters' | 'GetParametersByPath',
  input: object,
  signal: AbortSignal,
) => Promise<ParametersAnswer>

/** Parameters by Systems Manager's own operations, over whatever calls them. */
export const overCalls = (call: ParametersCall): Required<Transport> => {
  const getMany = async (names: readonly string[], signal: AbortSignal): Promise<readonly (string | Error)[]> => {
    const answers = apart(names).map(async (some) => {
      const answer = await call('GetParameters', { Names: some, WithDecryption: true }, signal)
      const values = listed(answer, 'GetParameters')
      return some.map((name) => [name, values.find((it) => isOf(it, name))?.Value] as const)
    })
    const found = new Map((await Promise.all(answers)).flat())
    return names.map((name) => found.get(name) ?? notFound())
  }
  return {
    getMany,
    get: async ({ name }, signal) => {
      const [value = notFound()] = await getMany([name], signal)
      if (typeof value === 'string') return value
      throw value
    },
    getPath: async (path, signal) => {
      const found = new Map<string, string>()
      let token: string | undefined
      do {
        const input = { Path: path, Recursive: true, WithDecryption: true, ...(token && { NextToken: token }) }
        const answer: ParametersAnswer = await call('GetParametersByPath', input, signal)
        for (const { Name = '', Value = '' } of listed(answer, 'GetParametersByPath')) found.set(Name, Value)
        token = answer.NextToken
      } while (token)
      return found
    },
  }
}

const listed = ({ Parameters }: ParametersAnswer, operation: string): readonly ParameterValue[] => {
  if (Array.isArray(Parameters)) return Parameters
  throw refused('InvalidAnswer', operation, 'it lists no parameters')
}

/** Several versions of one parameter are asked for by calls of their own: an answer is told by its name alone. */
const apart = (names: readonly string[]): string[][] => {
  const calls: string[][] = []
  for (const name of names) {
    const call = calls.find((it) => it.every((other) => withoutSelector(other) !== withoutSelector(name)))
    if (call) call.push(name)
    else calls.push([name])
  }
  return calls
}

/** A parameter that is shared by another account is asked for by its ARN. */
const isOf = ({ Name, ARN }: ParameterValue, name: string) => [Name, ARN].includes(withoutSelector(name))

/** Without `:3` or `:label`. */
const withoutSelector = (name: string) => name.replace(/:[\w.-]+$/, '')

const notFound = () => refused('ParameterNotFound', 'GetParameters', 'it is among the InvalidParameters')

const refused = (code: string, operation: string, why: string) =>
  new AwsError(`ssm: ${operation} answered ${code}: ${why}`, { code, service: 'ssm', operation })
