/** `@enigma-rtc/core/signaling`: the messages and their codec, pure, without the Effect runtime. */
export * from "./codec.ts"
export * from "./iceCandidate.ts"
export * from "./limits.ts"
export * from "./sessionDescription.ts"
export * from "./SignalingMessage.ts"
