import { Logger } from '@aws-lambda-powertools/logger'
process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0'
process.env.AWS_XRAY_TRACE_ID_PATTERN = 'x'
export const cells = (lambda: any, logger: any) => {
  const flat = async ({ logger }: any) => { for (let i = 0; i < 10; i++) logger.debug('order placed', { sku: 'abc', quantity: i }) }
  const nested = async ({ logger }: any) => { for (let i = 0; i < 10; i++) logger.debug('order placed', { order: { sku: 'abc', lines: [1, 2, { a: i }] }, customer: { id: 7, name: 'Ann' } }) }
  const error = async ({ logger }: any) => { for (let i = 0; i < 10; i++) logger.debug('failed', new Error('x')) }
  const mk = (fn: any, o = {}) => lambda().use(logger({ completion: false, buffer: true, ...o })).handle(fn)
  const pt = new Logger({ logLevel: 'INFO', logBufferOptions: { enabled: true } })
  ;(pt as any).console = { info() {}, debug() {}, warn() {}, error() {}, log() {} }
  const ptDirect = new Logger({ logLevel: 'DEBUG' })
  ;(ptDirect as any).console = { info() {}, debug() {}, warn() {}, error() {}, log() {} }
  const boom = (fn: any) => async (ctx: any) => { await fn(ctx); throw new Error('x') }
  return {
    'buf flat x10': mk(flat),
    'buf flat x1': mk(async ({ logger }: any) => { logger.debug('order placed', { sku: 'abc', quantity: 1 }) }),
    'buf nothing': mk(async () => 1),
    'buf nested x10': mk(nested),
    'buf error x10': mk(error),
    'error make x10': lambda().handle(async () => { for (let i = 0; i < 10; i++) new Error('x') }),
    'written flat x10': mk(flat, { buffer: false, level: 'debug' }),
    'written nested x10': mk(nested, { buffer: false, level: 'debug' }),
    'failing buf flat x10': mk(boom(flat)),
    'failing written flat x10': mk(boom(flat), { buffer: false, level: 'debug' }),
    'PT buf flat x10': async (_e: any, _c: any) => { for (let i = 0; i < 10; i++) pt.debug('order placed', { sku: 'abc', quantity: i }); pt.clearBuffer() },
    'PT written flat x10': async (_e: any, _c: any) => { for (let i = 0; i < 10; i++) ptDirect.debug('order placed', { sku: 'abc', quantity: i }) },
  }
}
