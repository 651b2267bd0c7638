import { subscribe } from 'node:diagnostics_channel'

/** Subscribes to what Node tells. Whatever goes wrong with it here, the user's request goes on: what throws there ends the process. */
export const told = <Message>(channel: string, listener: (message: Message) => void): void =>
  subscribe(channel, (message) => {
    try {
      listener(message as Message)
    } catch {}
  })
