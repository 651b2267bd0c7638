import { spawn } from 'node:child_process'

/** The environment of a function under Lambda, as far as anything that is measured looks at it. */
export const lambdas: Readonly<Record<string, string>> = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
  AWS_LAMBDA_FUNCTION_NAME: 'orders',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
  AWS_REGION: 'eu-central-1',
  LAMBDA_TASK_ROOT: '/var/task',
  TZ: ':UTC',
  _HANDLER: 'index.handler',
}

export interface Child {
  /** The files and values after Node's own options. */
  readonly args: readonly string[]
  readonly options?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Another Node than this one. */
  readonly node?: string | undefined
}

/** Runs Node in a new process, as Lambda would, to its end. @returns what it wrote to stdout */
export const run = ({ args, options = [], environment = {}, node = process.execPath }: Child): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [...options, ...args], {
      env: { PATH: process.env.PATH, ...lambdas, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${args.join(' ')} ended with ${code}\n${errors}${out}`)),
    )
  })
