/**
 * Packs every published package, checks the tarballs, installs them in a clean folder as an app would, imports each
 * entry point on every supported Node, and places a call there.
 */
import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { buildPackages } from "./buildPackages.ts"
import { followGuide } from "./followGuide.ts"
import { nodeVersions } from "./nodeVersions.ts"
import { pack } from "./pack.ts"
import { followTutorial } from "./tutorial.ts"
import { type Manifest, published, root } from "./workspace.ts"

const run = promisify(execFile)
const bin = (name: string) => join(root, "scripts/node_modules/.bin", name)
/** What an entry point needs that only those who use it install. */
const optionalPeers = ["vitest"]
const installScripts = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"]

const faultsOf = (manifest: Manifest): ReadonlyArray<string> => {
  const { dependencies = {}, name, peerDependencies = {}, scripts = {} } = manifest
  return [
    ...installScripts.filter((script) => script in scripts).map((script) => `${name} has the install script ${script}`),
    ...Object.entries({ ...dependencies, ...peerDependencies })
      .filter(([, range]) => /^(workspace|catalog|file|link):/.test(range))
      .map(([dependency, range]) => `${name} depends on ${dependency} as ${range}`)
  ]
}

buildPackages()
const folder = mkdtempSync(join(tmpdir(), "enigma-rtc-pack-"))
try {
  const packed = new Map<string, string>()
  for (const member of published) {
    const { manifest, tarball } = await pack(member, folder)
    const faults = faultsOf(manifest)
    if (faults.length > 0) throw new Error(faults.join("\n"))
    await run(bin("publint"), ["run", "--strict", tarball], { cwd: root })
    await run(bin("attw"), ["--profile", "esm-only", tarball], { cwd: root })
    console.log(`${manifest.name} ${manifest.version}: packed, publint and attw are content, no install script`)
    packed.set(manifest.name, tarball)
  }

  const consumer = join(folder, "consumer")
  mkdirSync(consumer)
  for (const file of ["package.json", "call.js"]) copyFileSync(join(root, "scripts/consumer", file), join(consumer, file))
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packed.values(), ...optionalPeers], { cwd: consumer })

  const specifiers = published.flatMap(({ manifest, name }) => Object.keys(manifest.exports ?? {}).map((path) => name + path.slice(1)))
  const imports = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)})`).join("\n")
  for (const { executable, version } of nodeVersions()) {
    await run(executable, ["--input-type=module", "--eval", imports], { cwd: consumer })
    await run(executable, ["call.js"], { cwd: consumer, timeout: 30_000 })
    console.log(`Node ${version}: ${specifiers.length} entry points imported, one call placed`)
  }

  const { files, tests } = await followGuide(folder, packed)
  console.log(`docs/writing-an-engine.md followed in an empty folder: ${files} files, ${tests}`)
  await followTutorial(folder, packed)
  console.log("docs/tutorial.md followed in an empty folder: its packages installed, its page built")
} catch (error) {
  const { stderr = "", stdout = "" } = error as { readonly stdout?: string; readonly stderr?: string }
  console.error(`${stdout}${stderr}`.trim())
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
