import { execFile, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { running, taskRoot } from './testing.ts'

vi.setConfig({ testTimeout: 60_000 })

const installed = spawnSync('aws', ['--version']).status === 0
// On a developer's machine the AWS CLI may be missing. In CI it may not.
const withCli = test.runIf(installed || process.env.CI)

async function served(...args: Parameters<typeof running>) {
  const run = await running(...args)
  const url = await run.lambda.listen()
  const folder = await taskRoot({})
  const aws = (...words: string[]) =>
    new Promise<{ code: number; said: string; stderr: string; payload: string }>((done, failed) => {
      const output = join(folder, 'payload')
      const env = {
        ...process.env,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_MAX_ATTEMPTS: '1',
        AWS_PAGER: '',
      }
      const line = ['lambda', 'invoke', '--endpoint-url', url, ...words, output]
      execFile('aws', line, { env }, (error, said, stderr) => {
        if (error?.code === 'ENOENT') return failed(error)
        const code = Number(error?.code ?? 0)
        const read = code ? Promise.resolve('') : readFile(output, 'utf8')
        read.then((payload) => done({ code, said, stderr, payload }), failed)
      })
    })
  return { ...run, folder, aws }
}

withCli('aws lambda invoke: an event from a file, the answer, the end of the log', async () => {
  const { aws, folder } = await served({
    f: "export const handler = async (event) => { console.log('called'); return event }",
    fails: "export const handler = async () => { throw new RangeError('no') }",
  })
  await writeFile(join(folder, 'event.json'), '{"sku":"A-1","text":"ü"}')
  const event = `fileb://${join(folder, 'event.json')}`
  const answer = await aws('--function-name', 'f', '--payload', event, '--log-type', 'Tail')
  expect(answer).toMatchObject({ code: 0, stderr: '', payload: '{"sku":"A-1","text":"ü"}' })
  const { StatusCode, ExecutedVersion, LogResult } = JSON.parse(answer.said)
  expect([StatusCode, ExecutedVersion]).toEqual([200, '$LATEST'])
  expect(Buffer.from(LogResult, 'base64').toString()).toMatch(/^START [\s\S]*\tINFO\tcalled\nEND [\s\S]*REPORT /)

  const failed = await aws('--function-name', 'fails')
  expect(JSON.parse(failed.said)).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
  expect(JSON.parse(failed.payload)).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' })

  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
  expect((await aws('--function-name', arn, '--qualifier', '$LATEST')).payload).toBe('{}')
})

withCli('aws lambda invoke: Event, DryRun, client context, and what is refused', async () => {
  const { aws, folder, logs } = await served({
    f: 'export const handler = async (event, context) => { console.log("ran"); return context.clientContext ?? null }',
    none: { source: 'export const handler = () => 1', reservedConcurrency: 0 },
  })
  const dry = await aws('--function-name', 'f', '--invocation-type', 'DryRun')
  expect([JSON.parse(dry.said), logs()]).toEqual([{ StatusCode: 204 }, []])
  const event = await aws('--function-name', 'f', '--invocation-type', 'Event')
  expect([JSON.parse(event.said), event.payload]).toEqual([{ StatusCode: 202 }, ''])
  const context = Buffer.from('{"custom":{"a":1}}').toString('base64')
  expect((await aws('--function-name', 'f', '--client-context', context)).payload).toBe('{"custom":{"a":1}}')

  const refused = async (...words: string[]) => {
    const { code, stderr } = await aws(...words)
    expect(code).toBeGreaterThan(0)
    return stderr.replace(' (reached max retries: 0)', '')
  }
  expect(await refused('--function-name', 'nobody')).toContain(
    '(ResourceNotFoundException) when calling the Invoke operation: Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody',
  )
  expect(await refused('--function-name', 'none')).toMatch(
    /\(TooManyRequestsException\) when calling the Invoke operation: Rate Exceeded\./,
  )
  await writeFile(join(folder, 'broken.json'), '{')
  expect(await refused('--function-name', 'f', '--payload', `fileb://${join(folder, 'broken.json')}`)).toContain(
    '(InvalidRequestContentException) when calling the Invoke operation: Could not parse request body into json: ',
  )
})
