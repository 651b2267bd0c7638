import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Colours text, or leaves it. */
export type Style = (format: Format, text: string) => string

/** Whether colours are wanted: on a terminal, unless NO_COLOR says no (https://no-color.org). */
export const wantsColor = (stream: { readonly isTTY?: boolean }): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'

export const styled =
  (color: boolean): Style =>
  (format, text) =>
    color ? styleText(format, text, { validateStream: false }) : text
