/** How often something after the handler has run: proof that a layer is there. */
export const unwound = { count: 0 }
