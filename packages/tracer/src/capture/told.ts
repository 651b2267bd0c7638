/** Subscribes to what Node tells. Whatever goes wrong with it here, the user's request goes on: what throws there ends the process. */
export const told = <Message>(channel: string, listener: (message: Message) => void): void =>
  // Not imported by name: a bundler would have every function load it.
  process.getBuiltinModule('node:diagnostics_channel').subscribe(channel, (message) => {
    try {
      listener(message as Message)
    } catch {}
  })

/** Where an emitter's errors can be seen without being handled. */
export const errorMonitor = (): typeof import('node:events').errorMonitor =>
  process.getBuiltinModule('node:events').errorMonitor
