/** Whether a server's reply, or refusal, is what the protocol has, as far as this engine goes by it: a server may be broken, or another one. Pure. */
import type { SfuMethod, SfuReply } from "./protocol.ts"

type Field = "id" | "name" | "text" | "boolean" | "object" | "texts" | "names" | "list"

const fields: { readonly [M in SfuMethod]: { readonly [F in keyof SfuReply<M>]-?: Field } } = {
  join: { peer: "name", resume: "text", resumed: "boolean", peers: "names", routerRtpCapabilities: "object" },
  sync: { peers: "names", transports: "texts", dataProducers: "texts", consumers: "texts", dataConsumers: "texts" },
  leave: {},
  createTransport: { transport: "id", iceParameters: "object", iceCandidates: "list", dtlsParameters: "object", sctpParameters: "object" },
  connectTransport: {},
  restartIce: { iceParameters: "object" },
  closeTransport: {},
  produce: { producer: "id" },
  produceData: { producer: "id" },
  setAudience: {},
  closeProducer: {},
  consume: { consumer: "id", kind: "text", rtpParameters: "object", peer: "name", slot: "text" },
  consumeData: { consumer: "id", sctpStreamParameters: "object", label: "text", protocol: "text", peer: "name" },
  setConsumer: {},
  closeConsumer: {}
}

const name = /^[\w.~-]{1,64}$/

const is = (field: Field, value: unknown): boolean => {
  switch (field) {
    // Ids of producers go into tickets.
    case "id":
    case "name":
      return typeof value === "string" && name.test(value)
    case "names":
      return Array.isArray(value) && value.every((one) => is("name", one))
    case "texts":
      return Array.isArray(value) && value.every((one) => is("text", one))
    case "list":
      return Array.isArray(value)
    case "text":
      return typeof value === "string"
    case "boolean":
      return typeof value === "boolean"
    case "object":
      return typeof value === "object" && value !== null
  }
}

export const isReply = (method: SfuMethod, reply: unknown): boolean => {
  if (typeof reply !== "object" || reply === null) return false
  const given: { readonly [name: string]: unknown } = { ...reply }
  return Object.entries<Field>(fields[method]).every(([name, field]) => is(field, given[name]))
}

export const isRefusal = (refusal: unknown): boolean =>
  typeof refusal === "object" && refusal !== null && "code" in refusal && typeof refusal.code === "string"
