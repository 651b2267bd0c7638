/** A request's body, before a service has put it into an event. */
export interface Body {
  readonly bytes: Buffer | undefined
  /** Whether it was given as bytes: no service can take it for text. */
  readonly binary: boolean
  /** The content type. */
  readonly type: string | undefined
}

export const bodyOf = (body: unknown): Body => {
  if (body === undefined) return { bytes: undefined, binary: false, type: undefined }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body), binary: true, type: undefined }
  if (typeof body === 'string') return { bytes: Buffer.from(body), binary: false, type: undefined }
  if (body instanceof URLSearchParams)
    return {
      bytes: Buffer.from(body.toString()),
      binary: false,
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
    }
  const json = JSON.stringify(body) as string | undefined
  if (json === undefined) throw new TypeError(`a ${typeof body} cannot be sent as a body`)
  return { bytes: Buffer.from(json), binary: false, type: 'application/json' }
}

/** As an event carries it. */
export interface Carried {
  readonly body: string | undefined
  readonly isBase64Encoded: boolean
}

/**
 * As REST APIs carry it: text, unless the API was told that its type is binary.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
 */
export const asText = ({ bytes, binary }: Body): Carried => ({
  body: bytes?.toString(binary ? 'base64' : 'utf8'),
  isBase64Encoded: binary,
})

/**
 * As the other services carry it: four kinds of content are text, and everything else, forms too, is base64.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer
 */
export const byType = (body: Body, encoded: boolean): Carried => {
  const essence = body.type?.split(';', 1)[0]?.trim().toLowerCase()
  const isText = essence === undefined || essence.startsWith('text/') || textual.includes(essence)
  return asText({ ...body, binary: body.binary || (body.bytes !== undefined && (encoded || !isText)) })
}

const textual = ['application/json', 'application/javascript', 'application/xml']
