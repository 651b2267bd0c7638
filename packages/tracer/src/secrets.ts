import { hiddenIn } from '@fnware/core/extend'

/** A text as a trace may show it: values that are known to be secret are replaced. */
export const withoutSecrets = (text: string): string => {
  let shown = text
  for (const secret of hiddenIn(text)) shown = shown.replaceAll(secret, '[redacted]')
  return shown
}
