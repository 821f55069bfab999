/** The script of a page that serves its browser's engine over a WebSocket: bundled and started by `servePage`. */
/// <reference lib="dom" />
import { overSocket } from "../remote/TextTransport.ts"
import { serveEngine } from "../remote/serveEngine.ts"
import { countDecoded } from "./decodedMedia.ts"
import { madeUpMedia } from "./madeUpMedia.ts"
import { pageUnderTest } from "./pageUnderTest.ts"

countDecoded()
const engine = pageUnderTest(await madeUpMedia())
const socket = new WebSocket(`ws://${location.host}/`)
socket.addEventListener("open", () => void serveEngine(engine, overSocket(socket)))
