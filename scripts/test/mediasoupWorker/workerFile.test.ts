import { spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { checksumFile, examine, faultWhenRun, placeWorker } from "../../mediasoup-worker/workerFile.ts"
import { temporaryFolder, writeProgram, writeWorker } from "./fakes.ts"

const key = "3.27.1-x64-debian12-0123456789ab"

const placed = () => {
  const folder = temporaryFolder()
  const worker = join(folder, "out/mediasoup-worker")
  placeWorker(writeWorker(join(folder, "built")), worker, key)
  return worker
}

describe("a worker in its file", () => {
  it("is good when it runs and is what was stored", () => {
    expect(examine(placed(), key, "required")).toBe("good")
  })

  it("is noticed to be truncated, changed, for another key, or without a checksum", () => {
    const truncated = placed()
    truncateSync(truncated, 12)
    expect(examine(truncated, key, "required")).toEqual({ fault: "is not what was stored: its checksum differs" })

    const changed = placed()
    writeWorker(changed, "changed")
    expect(examine(changed, key, "required")).toMatchObject({ fault: expect.stringContaining("checksum differs") as string })

    expect(examine(placed(), "3.28.0-x64", "required")).toEqual({ fault: `is for ${key}, not for 3.28.0-x64` })

    const unchecked = placed()
    rmSync(checksumFile(unchecked))
    expect(examine(unchecked, key, "required")).toEqual({ fault: "has no checksum" })
    expect(examine(unchecked, key, "optional")).toBe("good")

    const unreadable = placed()
    writeFileSync(checksumFile(unreadable), "")
    expect(examine(unreadable, key, "optional")).toEqual({ fault: `is for nothing that can be read, not for ${key}` })
  })

  it("is absent when there is none", () => {
    expect(examine(join(temporaryFolder(), "mediasoup-worker"), key, "optional")).toBe("absent")
  })

  it("is executed: a program that does something else is none, whatever its checksum says", () => {
    const folder = temporaryFolder()
    const other = join(folder, "other")
    placeWorker(writeProgram(join(folder, "built"), "echo 'error while loading libsrtp2.so.1' >&2", "exit 127"), other, key)
    expect(examine(other, key, "required")).toEqual({
      fault: "does not run here (it ends with 127, not 41: error while loading libsrtp2.so.1)"
    })
  })

  it("is noticed to be for another machine, to be a cut-off program, or not to be executable", () => {
    const file = join(temporaryFolder(), "worker")
    const elf = readFileSync(process.execPath).subarray(0, 64)
    // e_machine of the ELF header: 183 is AArch64, 62 x86-64; this is neither's.
    writeFileSync(file, Buffer.concat([elf.subarray(0, 18), Buffer.from([0xf3, 0]), elf.subarray(20)]))
    chmodSync(file, 0o755)
    expect(faultWhenRun(file)).toMatch(/^(does not run|cannot be executed) here/)
    writeFileSync(file, readFileSync(process.execPath).subarray(0, 100_000))
    expect(faultWhenRun(file)).toMatch(/^(does not run|cannot be executed) here/)
    writeWorker(file)
    chmodSync(file, 0o644)
    expect(faultWhenRun(file)).toBe("cannot be executed here (EACCES)")
  })

  it("is replaced in one step: another process that starts it all the while never meets a part of one", { timeout: 30_000 }, async () => {
    const folder = temporaryFolder()
    // Large enough that a copy takes a while; the shell stops reading at `exit`.
    const sources = ["a", "b"].map((mark) => writeWorker(join(folder, mark), `${mark}\nexit 41\n${"#".repeat(5_000_000)}`))
    const worker = join(folder, "worker")
    placeWorker(sources[0] ?? "", worker, key)
    const enough = join(temporaryFolder(), "enough")
    const reader = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      `import { spawnSync } from "node:child_process"
       import { existsSync, statSync } from "node:fs"
       const [worker, enough] = ${JSON.stringify([worker, enough])}
       console.log("reading")
       while (!existsSync(enough)) {
         const { status, error } = spawnSync(worker)
         if (status !== 41 || statSync(worker).size < 5_000_000) throw new Error(String(error ?? status))
       }`
    ], { stdio: ["ignore", "pipe", "inherit"] })
    const ended = once(reader, "exit")
    await once(reader.stdout, "data")
    for (let turn = 0; turn < 40 && reader.exitCode === null; turn++) {
      placeWorker(sources[turn % 2] ?? "", worker, key)
      await new Promise(setImmediate)
    }
    writeFileSync(enough, "")
    expect(await ended).toEqual([0, null])
    expect(readdirSync(folder).toSorted()).toEqual(["a", "b", "worker", "worker.sha256"])
  })
})
