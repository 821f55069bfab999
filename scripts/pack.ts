/** Packs a package as it would be published. For the checks of what is published, and for the tutorial's test. */
import { execFile } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { type Manifest, type Member, readManifest, root } from "./workspace.ts"

const run = promisify(execFile)

export interface Packed {
  readonly tarball: string
  /** The folder of what is in the tarball. */
  readonly unpacked: string
  readonly manifest: Manifest
}

/** Packs a package into a folder, and unpacks it there. What it builds must be built. */
export const pack = async (member: Member, folder: string): Promise<Packed> => {
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd: join(root, member.folder) })
  // The path is given absolutely, or relative to the package.
  const { filename } = JSON.parse(stdout) as { readonly filename: string }
  const tarball = join(folder, filename.split(/[\\/]/).at(-1) ?? "")
  const parent = join(folder, member.folder)
  mkdirSync(parent, { recursive: true })
  await run("tar", ["-xzf", tarball, "-C", parent])
  const unpacked = join(parent, "package")
  return { tarball, unpacked, manifest: readManifest(join(unpacked, "package.json")) }
}
