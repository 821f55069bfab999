/** `@enigma-rtc/testing/node`: what checking an engine in Node needs of Node. */
export { openFiles } from "./openFiles.ts"
export { udpPath, type UdpPathOptions } from "./udpPath.ts"
