/** Why a command is not for a connection that many invocations share. Undefined where it is. */
export const refusal = (command: string, args: readonly unknown[] = []): TypeError | undefined => {
  const name = command.toLowerCase()
  const why = reasons[name] ?? (streams.has(name) && args.some(isBlock) ? blocking : undefined)
  return why
    ? new TypeError(`${command.toUpperCase()} is not for a connection that all invocations share: ${why}`)
    : undefined
}

const subscribing = 'no message reaches a frozen function. Let the publisher invoke it, through SNS or EventBridge'
const blocking = 'it would hold up all other commands. Ask without waiting, or let a queue invoke the function'
const piece = 'commands of others would come in between. Use `redis.multi().….exec()`, which is sent in one piece'
const another = 'all others would find it changed. Give the option of redis(), or make a connection of your own'
const streams = new Set(['xread', 'xreadgroup'])
const isBlock = (arg: unknown) => /^block$/i.test(String(arg))

const reasons: { readonly [command: string]: string | undefined } = {
  subscribe: subscribing,
  psubscribe: subscribing,
  ssubscribe: subscribing,
  blpop: blocking,
  brpop: blocking,
  brpoplpush: blocking,
  blmove: blocking,
  blmpop: blocking,
  bzpopmin: blocking,
  bzpopmax: blocking,
  bzmpop: blocking,
  wait: blocking,
  waitaof: blocking,
  multi: piece,
  exec: piece,
  discard: piece,
  auth: another,
  hello: another,
  reset: another,
  monitor: another,
  watch: 'what others do meanwhile would be watched too. Use a Lua script (`defineCommand`), which runs as one',
  select:
    'all others would find themselves in that database. Give the `database` option, or .use() one more redis() with another `key`',
}
