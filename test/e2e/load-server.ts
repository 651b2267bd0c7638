import { createHook } from 'node:async_hooks'
import { localLambda } from '@fnware/local'

// The local Lambda in a process of its own, so that its memory and its sockets are its alone. It is asked by messages,
// and ends by itself when it is closed: whatever it left open would keep it.

const [code = ''] = process.argv.slice(2)
const echo = { code, handler: 'index.handler', environment: { LOAD_MARK: code } }

/** Sockets that were opened and are not closed yet, by Node's own count. */
const sockets = new Set<number>()
createHook({
  init: (id, type) => void (/^(TCP|PIPE)(SOCKET|SERVER)?WRAP$/.test(type) && sockets.add(id)),
  destroy: (id) => void sockets.delete(id),
}).enable()

const lambda = localLambda({
  functions: {
    api: { ...echo, http: '/api' },
    rest: { ...echo, http: '/rest', front: 'rest-api' },
    link: { ...echo, http: '/link', front: 'function-url' },
    balanced: { ...echo, http: '/balanced', front: 'alb' },
    invoked: { ...echo },
  },
  concurrency: 50,
  port: 0,
})

process.on('message', async (question: 'memory' | 'close') => {
  if (question === 'close') {
    await lambda.close()
    process.disconnect()
    return
  }
  global.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const environments = lambda.functions.flatMap((each) => each.environments).length
  process.send?.({ rss, heapUsed, external, environments, sockets: sockets.size })
})
process.send?.({ url: await lambda.listen() })
