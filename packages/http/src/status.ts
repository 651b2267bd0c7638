/** By their first digit, in order. @see https://www.iana.org/assignments/http-status-codes */
const phrases: Readonly<Record<number, string>> = {
  2: 'OK|Created|Accepted||No Content||Partial Content',
  3: '|Moved Permanently|Found|See Other|Not Modified|||Temporary Redirect|Permanent Redirect',
  4: 'Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable||Request Timeout|Conflict|Gone|Length Required|Precondition Failed|Content Too Large|URI Too Long|Unsupported Media Type|Range Not Satisfiable||||||Unprocessable Content|Locked|Failed Dependency|Too Early|Upgrade Required||Precondition Required|Too Many Requests||Request Header Fields Too Large||||||||||||||||||||Unavailable For Legal Reasons',
  5: 'Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout',
}

/** A status in words; its class's where it has none of its own. */
export const phrase = (status: number): string => {
  const digit = Math.floor(status / 100)
  return (
    phrases[digit]?.split('|')[status % 100] || ['Success', 'Redirection', 'Client Error'][digit - 2] || 'Server Error'
  )
}

/** @throws TypeError on what is no status of a final answer */
export const checkStatus = (where: string, status: number): void => {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new TypeError(`${where} takes a status from 200 to 599, not ${JSON.stringify(status)}`)
}
