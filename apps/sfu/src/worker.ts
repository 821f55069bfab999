/** Where mediasoup and its worker are: the native process that forwards the media. For who installs it and who starts it. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"

/** The folder of the mediasoup package that this server runs on. */
export const mediasoupFolder = join(createRequire(import.meta.url).resolve("mediasoup"), "../../..")

/** That package's version; Node's side and the worker must be of the same. */
export const mediasoupVersion = (JSON.parse(readFileSync(join(mediasoupFolder, "package.json"), "utf8")) as { readonly version: string }).version

/** Where mediasoup looks for its worker, and where `scripts/mediasoup-worker` puts it. */
export const installedWorker = join(mediasoupFolder, "worker/out/Release/mediasoup-worker")

/** The worker that mediasoup starts: the one in `MEDIASOUP_WORKER_BIN`, else the installed one. */
export const workerPath = process.env["MEDIASOUP_WORKER_BIN"] ?? installedWorker
