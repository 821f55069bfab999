/** Small programs that stand in for the worker and for what builds it. For the tests of its installer. */
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "mediasoup-worker-test-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const writeProgram = (file: string, ...lines: ReadonlyArray<string>): string => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"))
  chmodSync(file, 0o755)
  return file
}

/** Ends as a worker does that is started by hand. `mark` makes it another file. */
export const writeWorker = (file: string, mark = ""): string => writeProgram(file, `: ${mark}`, "exit 41")

/** A folder with these programs in it, to be the whole PATH apart from the system's shell tools. */
export const writePrograms = (programs: Readonly<Record<string, ReadonlyArray<string>>>): NodeJS.ProcessEnv => {
  const folder = temporaryFolder()
  for (const [name, lines] of Object.entries(programs)) writeProgram(join(folder, name), ...lines)
  return { PATH: folder }
}

export const openLog = (): { readonly log: number; readonly logFile: string } => {
  const logFile = join(temporaryFolder(), "log")
  const log = openSync(logFile, "w")
  onTestFinished(() => closeSync(log))
  return { log, logFile }
}
