import { InvokeCommand, type InvokeCommandInput, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda'
import { onTestFinished } from 'vitest'
import type { LambdaEvent } from './events.ts'
import { type Running, running, send } from './testing.ts'

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } as const

/** AWS's own client, pointed here. */
export function client(endpoint: string, maxAttempts = 1): LambdaClient {
  const made = new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts })
  onTestFinished(() => made.destroy())
  return made
}

export interface Invocable extends Running {
  readonly url: string
  readonly aws: LambdaClient
  invoke(name: string, input?: Omit<Partial<InvokeCommandInput>, 'FunctionName'>): Promise<InvokeCommandOutput>
  all<T extends LambdaEvent['type']>(type: T): Extract<LambdaEvent, { type: T }>[]
}

/** Functions by their code, and AWS's own client to invoke them. */
export async function invocable(...args: Parameters<typeof running>): Promise<Invocable> {
  const run = await running(...args)
  const url = await run.lambda.listen()
  const aws = client(url)
  return {
    ...run,
    url,
    aws,
    invoke: (FunctionName, input = {}) => aws.send(new InvokeCommand({ FunctionName, ...input })),
    all: (type) =>
      run.events.filter((event): event is Extract<LambdaEvent, { type: typeof type }> => event.type === type),
  }
}

export const text = (payload: Uint8Array | undefined): string => Buffer.from(payload ?? []).toString()
export const json = (payload: Uint8Array | undefined): Record<string, unknown> =>
  JSON.parse(text(payload)) as Record<string, unknown>

interface Raw {
  readonly status: number
  readonly errorType: unknown
  readonly body: Record<string, unknown>
}

/** What a request that no client would make is answered. */
export async function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  body = '{}',
  method = 'POST',
): Promise<Raw> {
  const answer = await send(url, path, { method, headers, body })
  return {
    status: answer.status,
    errorType: answer.headers['x-amzn-errortype'],
    body: JSON.parse(answer.body.toString()) as Record<string, unknown>,
  }
}
