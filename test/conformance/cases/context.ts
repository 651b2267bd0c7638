import { type Case, handler } from '../case.ts'

const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'

const store = `{
  id: store.getRequestId() === context.awsRequestId, trace: store.getXRayTraceId(), tenant: store.getTenantId(),
  has: store.hasContext(), mine: [store.get('mine'), store.set('mine', 1), store.get('mine')],
}`

/** What a function is told about its invocation. */
export const contexts: readonly Case[] = [
  {
    name: 'every field of the context',
    files: handler(`async (event, context) => ({
  ...context,
  awsRequestId: context.awsRequestId.length,
  logStreamName: context.logStreamName.replace(/[0-9a-f]{32}/, 'ID').replace(/^[/0-9]+/, 'DAY/'),
  xRayTraceId: context.xRayTraceId.replace(/[0-9a-f]/g, 'x'),
  left: context.getRemainingTimeInMillis() > 10_000 && context.getRemainingTimeInMillis() <= 20_000,
  keys: Object.keys(context).sort(),
  all: Object.getOwnPropertyNames(Object.getPrototypeOf(context)).length,
})`),
    options: { memory: 256 },
  },
  { name: 'the request id', files: handler('async (event, context) => context.awsRequestId'), invocations: [{}, {}] },
  {
    name: 'the client context',
    files: handler('async (event, context) => context.clientContext'),
    invocations: [{ options: { clientContext: { client: { installation_id: 'i', ü: '€' }, custom: { a: [1] } } } }, {}],
  },
  {
    name: 'the Cognito identity',
    files: handler('async (event, context) => context.identity'),
    invocations: [
      { options: { identity: { cognitoIdentityId: 'eu-west-1:1', cognitoIdentityPoolId: 'eu-west-1:2' } } },
      {},
    ],
  },
  {
    name: 'the tenant',
    files: handler('async (event, context) => context.tenantId'),
    invocations: [{ options: { tenantId: 't-1' } }, {}],
  },
  {
    name: 'the trace id',
    files: handler(
      `async (event, context) => [context.xRayTraceId, process.env._X_AMZN_TRACE_ID].map((id) => (id === '${traceId}' ? 'given' : typeof id))`,
    ),
    invocations: [{ options: { traceId } }, {}],
  },
  {
    name: 'InvokeStore, as a global',
    files: handler(`async (event, context) => { const store = awslambda.InvokeStore; return ${store} }`),
    invocations: [{ options: { traceId, tenantId: 't-1' } }, { options: { traceId } }],
  },
  {
    name: 'InvokeStore: what is protected, and outside an invocation',
    files: {
      'index.mjs': `const store = awslambda.InvokeStore
const outside = [store.hasContext(), store.getRequestId(), store.getContext() === undefined]
export const handler = async () => {
  try { store.set(Symbol.for('_AWS_LAMBDA_REQUEST_ID'), 'x') } catch (error) { return [outside, error.message] }
}
`,
    },
  },
  {
    name: 'the globals',
    files: handler(
      'async () => [Object.keys(awslambda).sort(), typeof awslambda.streamifyResponse, typeof awslambda.HttpResponseStream.from, console.log === console.info]',
    ),
  },
  {
    name: 'the environment variables',
    files: handler(`async () => Object.entries(process.env)
  .filter(([name]) => /^(AWS_(LAMBDA|REGION|DEFAULT_REGION|EXECUTION_ENV)|LAMBDA_TASK|_HANDLER|TZ$|MINE$)/.test(name))
  .map(([name, value]) => name + '=' + value.replace(/\\d{4}.\\d\\d.\\d\\d.*/, 'STREAM').replace(/:\\d+$/, ':PORT')).sort()`),
    options: { environment: { MINE: 'ü' } },
  },
  {
    name: 'the working folder and the main module',
    files: handler('async () => [process.cwd() === process.env.LAMBDA_TASK_ROOT, process.argv.length]'),
  },
  {
    name: 'module state lasts',
    files: { 'index.mjs': 'let n = 0\nexport const handler = async () => ++n\n' },
    invocations: [{}, {}, {}],
  },
]
