/** `@enigma-rtc/core/signaling`: the messages and their codec, pure, without the Effect runtime. */
export * from "./codec.ts"
/** Every message once and in order, over any channel: pure, without time of its own. A `CallLine` runs it. */
export * as Delivery from "./Delivery.ts"
export * from "./iceCandidate.ts"
export * from "./limits.ts"
export * from "./sessionDescription.ts"
export * from "./SignalingMessage.ts"
