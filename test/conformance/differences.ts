import type { Difference, Mode } from './case.ts'

/** Why the two clients differ. */
const because = {
  native: 'The native half of aws-lambda-ric says on stderr what the Runtime API refused. The result is the same.',
  unreadable:
    'aws-lambda-ric makes a text of what was thrown, and ends, or in multi answers nothing, where that throws. Ours reports it in the words that Lambda has for errors that cannot be read.',
  post: 'In multi aws-lambda-ric logs that it could not post the result, and answers nothing. Ours fails as in single.',
  poll: 'aws-lambda-ric waits for the next invocation in a thread that keeps the process from exiting: the next invocation still goes to it, and fails. Ours exits, and the next invocation gets another environment.',
  workers:
    "In multi aws-lambda-ric runs functions in worker threads. What ends a thread (`process.exit()`, an error that nobody caught) ends neither the process nor the thread's wait for the next invocation: the caller hears nothing before the timeout. Ours is the process: the environment ends, and all that it runs fails at once.",
  status:
    'In multi aws-lambda-ric ends with the status of its main thread, 0, whatever ended its worker threads, and their errors are not written.',
  abort: '`process.abort()` is not there in the worker threads in which aws-lambda-ric runs functions in multi.',
  signals:
    'Worker threads, in which aws-lambda-ric runs functions in multi, hear of no signals: what a function does at SIGTERM is not done, nor is what fnware disposes of then.',
  tenant:
    'AWS documents `tenantId` in the JSON log of functions with tenant isolation, but aws-lambda-ric 4.0.2 does not put it into the store that its log reads.',
  copies:
    'aws-lambda-ric loads a function once in every worker thread: eight for each vCPU, unless AWS_LAMBDA_NODEJS_WORKER_COUNT says otherwise, as it does in all other cases. Ours loads it once.',
  connection:
    'The client that AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1 chooses has one connection: a streamed response waits until the next invocation has come over it. Ours has as many as there are invocations.',
}

/** Where they do, by the names of the cases: all of it, and nothing else. */
export const differences: Readonly<Record<string, Readonly<Partial<Record<Mode, Difference>>>>> = {
  'a function': {
    multi: {
      because: because.post,
      ours: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Invoke Error \\t{\\"errorType\\":\\"TypeError\\",\\"errorMessage\\":\\"Wrong arguments\\",\\"stack\\":[\\"TypeError: Wrong arguments\\"]}"}',
        '  error (Unhandled): {"errorType":"TypeError","errorMessage":"Wrong arguments","trace":["TypeError: Wrong arguments"]}',
        'environment: idle',
      ],
      ric: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Failed to post invocation response for ID \\t{\\"errorType\\":\\"TypeError\\",\\"errorMessage\\":\\"Wrong arguments\\",\\"stack\\":[\\"TypeError: Wrong arguments\\"]}"}',
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'a symbol': {
    multi: {
      because: because.post,
      ours: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Invoke Error \\t{\\"errorType\\":\\"TypeError\\",\\"errorMessage\\":\\"Wrong arguments\\",\\"stack\\":[\\"TypeError: Wrong arguments\\"]}"}',
        '  error (Unhandled): {"errorType":"TypeError","errorMessage":"Wrong arguments","trace":["TypeError: Wrong arguments"]}',
        'environment: idle',
      ],
      ric: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Failed to post invocation response for ID \\t{\\"errorType\\":\\"TypeError\\",\\"errorMessage\\":\\"Wrong arguments\\",\\"stack\\":[\\"TypeError: Wrong arguments\\"]}"}',
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'a result over 6 MB, and the next invocation': {
    single: {
      because: because.native,
      ours: [],
      ric: [
        'outside any invocation',
        '  log: [ERROR] [TIME] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. {"errorType":"RequestEntityTooLarge","errorMessage":"Exceeded maximum allowed payload size (6291556 bytes)."}',
      ],
    },
    multi: {
      because: because.native,
      ours: [],
      ric: [
        'outside any invocation',
        '  log: [ERROR] [TIME] LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. {"errorType":"RequestEntityTooLarge","errorMessage":"Exceeded maximum allowed payload size (6291556 bytes)."}',
      ],
    },
  },
  'throws an object without a prototype': {
    single: {
      because: because.unreadable,
      ours: [
        '  log: TIME ID ERROR Invoke Error  {"errorType":"handled","errorMessage":"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack","trace":[]}',
        '  error (Unhandled): {"errorType":"handled","errorMessage":"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack","trace":[]}',
        'environment: idle',
      ],
      ric: [
        '  log: /var/runtime/index.mjs',
        '  log:   return new Error(String(err));',
        '  log: TypeError: Cannot convert object to primitive value',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
    },
    multi: {
      because: because.unreadable,
      ours: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Invoke Error \\t{\\"errorType\\":\\"handled\\",\\"errorMessage\\":\\"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack\\",\\"trace\\":[]}"}',
        '  error (Unhandled): {"errorType":"handled","errorMessage":"callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack","trace":[]}',
        'environment: idle',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'exit(7) at INIT': {
    multi: {
      because: because.status,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 7"}',
      ],
      ric: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}',
      ],
    },
  },
  'an unhandled rejection at INIT': {
    multi: {
      because: because.status,
      ours: [
        'outside any invocation',
        '  log: /var/task/index.mjs:1',
        "  log: Promise.reject(new Error('nobody'))",
        '  log: Error: nobody',
        '  log:     at /var/task/index.mjs:1:16',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
      ],
      ric: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}',
      ],
    },
  },
  'an uncaught exception at INIT': {
    multi: {
      because: because.status,
      ours: [
        'outside any invocation',
        '  log: /var/task/index.mjs:1',
        "  log: setTimeout(() => { throw new Error('late') })",
        '  log: Error: late',
        '  log:     at /var/task/index.mjs:1:26',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
      ],
      ric: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}',
      ],
    },
  },
  'exit(0)': {
    multi: {
      because: because.workers,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'exit(1)': {
    multi: {
      because: because.workers,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  aborts: {
    multi: {
      because: because.abort,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: aborted"}',
        'environment: ended',
      ],
      ric: [
        '  log: {"timestamp":"TIME","level":"ERROR","requestId":"ID","message":"Invoke Error \\t{\\"errorType\\":\\"TypeError\\",\\"errorMessage\\":\\"process.abort() is not supported in workers\\",\\"code\\":\\"ERR_WORKER_UNSUPPORTED_OPERATION\\",\\"stack\\":[\\"TypeError [ERR_WORKER_UNSUPPORTED_OPERATION]: process.abort() is not supported in workers\\",\\"at /var/task/index.mjs:1:44\\"]}"}',
        '  error (Unhandled): {"errorType":"TypeError","errorMessage":"process.abort() is not supported in workers","trace":["TypeError [ERR_WORKER_UNSUPPORTED_OPERATION]: process.abort() is not supported in workers","at /var/task/index.mjs:1:44"]}',
        'environment: idle',
      ],
    },
  },
  'an unhandled rejection': {
    multi: {
      because: because.workers,
      ours: [
        'outside any invocation',
        '  log: /var/task/index.mjs:1',
        "  log: export const handler = async () => { Promise.reject(new TypeError('nobody')); await new Promise((r) => setTimeout(r, 5000)) }",
        '  log: TypeError: nobody',
        '  log:     at /var/task/index.mjs:1:53',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'an unhandled rejection with a string': {
    multi: {
      because: because.workers,
      ours: [
        'outside any invocation',
        '  log:       new UnhandledPromiseRejection(reason);',
        '  log: UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "text".',
        "  log:   code: 'ERR_UNHANDLED_REJECTION'",
        '  log: }',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'an uncaught exception from a timer': {
    multi: {
      because: because.workers,
      ours: [
        'outside any invocation',
        '  log: /var/task/index.mjs:1',
        "  log: export const handler = async () => { setTimeout(() => { throw new RangeError('late') }); await new Promise((r) => setTimeout(r, 5000)) }",
        '  log: RangeError: late',
        '  log:     at /var/task/index.mjs:1:63',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'an unhandled rejection after the answer': {
    single: {
      because: because.poll,
      ours: [
        '  log: /var/task/index.mjs:1',
        "  log: export const handler = async () => { setTimeout(() => Promise.reject(new Error('too late')), 100); return 'answered' }",
        '  log: Error: too late',
        '  log:     at /var/task/index.mjs:1:70',
        '  result: "answered"',
        'environment: ended by itself, exit status 1',
      ],
      ric: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
    },
    multi: {
      because: because.poll,
      ours: [
        '  log: /var/task/index.mjs:1',
        "  log: export const handler = async () => { setTimeout(() => Promise.reject(new Error('too late')), 100); return 'answered' }",
        '  log: Error: too late',
        '  log:     at /var/task/index.mjs:1:70',
        '  log: /var/task/index.mjs:1',
        "  log: export const handler = async () => { setTimeout(() => Promise.reject(new Error('too late')), 100); return 'answered' }",
        '  log: Error: too late',
        '  log:     at /var/task/index.mjs:1:70',
        '  result: "answered"',
        'environment: ended by itself, exit status 1',
      ],
      ric: [
        "  log: terminate called after throwing an instance of 'Napi::Error'",
        '  log:   what():',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: aborted"}',
        'environment: ended',
      ],
    },
  },
  'exit after the answer': {
    single: {
      because: because.poll,
      ours: ['  result: "answered"', 'environment: ended by itself, exit status 3'],
      ric: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3"}',
        'environment: ended',
      ],
    },
    multi: {
      because: because.poll,
      ours: ['  result: "answered"', 'environment: ended by itself, exit status 3'],
      ric: [
        'outside any invocation',
        "  log: terminate called after throwing an instance of 'Napi::Error'",
        '  log:   what():',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: aborted"}',
        'environment: ended',
      ],
    },
  },
  'listeners of beforeExit and exit': {
    multi: {
      because: because.workers,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 5"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'SIGTERM when the environment is shut down': {
    multi: {
      because: because.signals,
      ours: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"-","message":"SIGTERM"}'],
      ric: [],
    },
  },
  'exits while it streams': {
    multi: {
      because: because.workers,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'JSON for a tenant': {
    single: {
      because: because.tenant,
      ours: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","tenantId":"t-1","message":"of a tenant"}'],
      ric: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","message":"of a tenant"}'],
    },
    multi: {
      because: because.tenant,
      ours: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","tenantId":"t-1","message":"of a tenant"}'],
      ric: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","message":"of a tenant"}'],
    },
  },
  'at once: one ends the environment': {
    multi: {
      because: because.workers,
      ours: [
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        '  error (Unhandled): {"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
        'environment: ended',
      ],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'at once, in two worker threads: the state of a module': {
    multi: {
      because: because.copies,
      ours: ['  result: true', '  result: true', '  result: true', '  result: true'],
      ric: ['  result: false', '  result: false', '  result: false', '  result: false'],
    },
  },
  "at once, with aws-lambda-ric's other client: streams": {
    multi: {
      because: because.connection,
      ours: ['  result: a0b0', 'environment: idle'],
      ric: [
        '  log: TIME ID Task timed out after 2.00 seconds',
        '  error (Unhandled): {"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 2.00 seconds"}',
        'environment: busy',
      ],
    },
  },
  'fnware: the tenant': {
    multi: {
      because: because.tenant,
      ours: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","tenantId":"t-1","message":"over a "}'],
      ric: ['  log: {"timestamp":"TIME","level":"INFO","requestId":"ID","message":"over a "}'],
    },
  },
  'fnware: what is disposed of when the environment is shut down': {
    multi: {
      because: because.signals,
      ours: [
        '  log: {"timestamp":"TIME","level":"INFO","requestId":"-","message":"store: disposed"}',
        '  log: {"timestamp":"TIME","level":"INFO","requestId":"-","message":"counter: disposed"}',
      ],
      ric: [],
    },
  },
}
