/** `@enigma-rtc/sfu-server`: an SFU server over mediasoup, for tests, the demo, and as a start for an app's own. */
export type { SfuConnection } from "./connection.ts"
export type { SfuFigures, WorkerFigures } from "./figures.ts"
export { inProcess, type InProcessSignaling } from "./inProcess.ts"
export { defaultLimits, type SfuLimits, type SfuPeerLimits } from "./limits.ts"
export * as SfuServer from "./SfuServer.ts"
export type { SfuAdmission, SfuAdmitted } from "./Stays.ts"
export type { SfuListen, SfuWorkerFailed } from "./workers.ts"
export { acceptWebSockets, serveWebSocket, type SfuSocketOptions, type SfuUpgrade, type SfuWebSocketOptions } from "./webSocket.ts"
