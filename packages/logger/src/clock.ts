import { setting } from './setting.ts'

/** The time as lines tell it: in UTC, or in the zone that `TZ` names. What a second's lines have in common is made once. */
export class Clock {
  #second = Number.NaN
  #begin = ''
  #end = ''

  /** @param now ms since the epoch */
  at(now: number): string {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) this.#turn(second)
    const ms = now - second * 1000
    return `${this.#begin}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}${this.#end}`
  }

  #turn(second: number): void {
    this.#second = second
    const zone = setting('TZ')
    const utc = !zone || zone.includes('UTC')
    const offset = utc ? 0 : -new Date(second * 1000).getTimezoneOffset()
    this.#begin = new Date((second + offset * 60) * 1000).toISOString().slice(0, -4)
    const hours = new Date(Math.abs(offset) * 60_000).toISOString().slice(11, 16)
    this.#end = utc ? 'Z' : `${offset < 0 ? '-' : '+'}${hours}`
  }
}
