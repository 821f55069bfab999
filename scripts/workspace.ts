/** The members of this workspace, read from their manifests. For every script that goes over packages. */
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

type Export = string | { readonly types: string; readonly default: string }

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, Export>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Member {
  readonly name: string
  /** The member's folder, relative to the root. */
  readonly folder: string
  readonly manifest: Manifest
}

export const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, "utf8")) as Manifest

/** Every member, in the order in which a reader meets them: core first, then by name. */
export const members: ReadonlyArray<Member> = globSync(["packages/*/package.json", "apps/*/package.json", "scripts/package.json"], {
  cwd: root
})
  .map((file) => {
    const manifest = readManifest(join(root, file))
    return { name: manifest.name, folder: dirname(file), manifest }
  })
  .toSorted((a, b) => rank(a) - rank(b) || a.folder.localeCompare(b.folder))

function rank({ folder }: Member): number {
  return folder === "packages/core" ? 0 : folder.startsWith("packages/") ? 1 : folder.startsWith("apps/") ? 2 : 3
}

/** The members that are on the registry. */
export const published: ReadonlyArray<Member> = members.filter(({ manifest }) => manifest.private !== true)
