import { runtimeError } from './errors.mjs'

const { createRequire } = process.getBuiltinModule('node:module')
const { existsSync } = process.getBuiltinModule('node:fs')
const { basename, join, resolve } = process.getBuiltinModule('node:path')
const { pathToFileURL } = process.getBuiltinModule('node:url')

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming')

/** Whether a handler answers piece by piece. */
export const isStreaming = (handler) => handler[streaming] !== undefined

/** The handler that `_HANDLER` names, looked up as Lambda does. */
export async function loadHandler() {
  const root = process.env.LAMBDA_TASK_ROOT
  const name = process.env._HANDLER
  if (name.includes('..')) {
    const why = 'Use absolute paths when specifying root directories in handler names.'
    throw runtimeError('MalformedHandlerName', `'${name}' is not a valid handler name. ${why}`)
  }
  const last = basename(name)
  const [, file, path] = last.match(/^([^.]*)\.(.*)$/) ?? []
  if (file === undefined) throw runtimeError('MalformedHandlerName', 'Bad handler')
  const folder = name.slice(0, name.indexOf(last))
  const module = await load(root, folder, file)
  const find = (from) => path.split('.').reduce((at, key) => (at && typeof at === 'object' ? at[key] : undefined), from)
  const handler = find(module) || (module && typeof module === 'object' && find(module.default))
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`)
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`)
  if (handler[streaming] && handler[streaming] !== 'response')
    throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.')
  if (handler.length >= 3 && !handler[streaming]) {
    const why =
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'
    throw runtimeError('CallbackHandlerDeprecated', why)
  }
  return handler
}

async function load(root, folder, file) {
  const path = resolve(root, folder, file)
  try {
    for (const extension of ['', '.js', '.mjs', '.cjs'])
      if (existsSync(path + extension)) return await import(pathToFileURL(path + extension).href)
    const require = createRequire(import.meta.url)
    return require(require.resolve(file, { paths: [root, join(root, folder)] }))
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error), error)
    if (error?.code === 'MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', String(error))
    throw error
  }
}
