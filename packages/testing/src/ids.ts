import { randomBytes } from 'node:crypto'

/** An id in API Gateway's manner: `LV7fzho-PHcEJPw=` */
export const gatewayId = (): string => `${randomBytes(11).toString('base64url')}=`

/** `Root=1-5e9f0c65-1de4d666d4dd26aced652b6c`: the time, and what makes it unique. */
export const traceId = (now: Date): string =>
  `Root=1-${Math.floor(now.getTime() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`

/** `24/Nov/2026:09:00:00 +0000` */
export const gatewayTime = (date: Date): string => {
  const [, day, month, year, time] = date.toUTCString().split(/[ ,]+/)
  return `${day}/${month}/${year}:${time} +0000`
}
