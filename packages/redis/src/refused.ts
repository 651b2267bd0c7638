/** Why a command is not for a connection that many invocations share. Undefined where it is. */
export const refusal = (command: string): TypeError | undefined => {
  const why = reasons[command.toLowerCase()]
  return why
    ? new TypeError(`${command.toUpperCase()} is not for a connection that all invocations share: ${why}`)
    : undefined
}

const subscribing = 'no message reaches a frozen function. Let the publisher invoke it, through SNS or EventBridge'
const blocking = 'it would hold up all other commands. Ask without waiting, or let a queue invoke the function'
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
  watch: 'what others do meanwhile would be watched too. Use a Lua script (`defineCommand`), which runs as one',
  select:
    'all others would find themselves in that database. Give the `database` option, or .use() one more redis() with another `key`',
}
