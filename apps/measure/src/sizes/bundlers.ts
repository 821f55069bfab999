/** Three bundlers, each asked for one minified module for a page of an entry's code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"
import { rolldown } from "rolldown"
import webpack from "webpack"

const home = fileURLToPath(new URL("../..", import.meta.url))

/** Bundles the file, which lies beside this package's dependencies. */
type Bundle = (entry: string, folder: string) => Promise<Uint8Array>

const byRolldown: Bundle = async (entry) => {
  const bundle = await rolldown({ input: entry, platform: "browser", logLevel: "silent" })
  const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting: false, comments: false })
  await bundle.close()
  return new TextEncoder().encode(output[0].code)
}

const byWebpack: Bundle = (entry, folder) =>
  new Promise((resolve, reject) => {
    webpack({
      mode: "production",
      entry,
      target: ["web", "es2023"],
      experiments: { outputModule: true },
      output: { path: folder, filename: "webpack.js", library: { type: "module" } },
      optimization: { splitChunks: false },
      performance: false
    }, (error, stats) => {
      if (error !== null) reject(error)
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString("errors-only")))
      else resolve(readFileSync(join(folder, "webpack.js")))
    })
  })

export const bundleWithEsbuild = (entry: string) =>
  esbuild.build({
    entryPoints: [entry],
    absWorkingDir: home,
    bundle: true,
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    minify: true,
    platform: "browser",
    target: "es2023",
    write: false
  })

const byEsbuild: Bundle = async (entry) => (await bundleWithEsbuild(entry)).outputFiles[0]?.contents ?? new Uint8Array()

export const bundlers: Readonly<Record<string, Bundle>> = { esbuild: byEsbuild, rolldown: byRolldown, webpack: byWebpack }

/** Writes an entry beside this package's dependencies, for as long as it is used. */
export const withEntry = async <A>(code: string, use: (entry: string, folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(home, "temp-"))
  try {
    const entry = join(folder, "entry.js")
    writeFileSync(entry, code)
    return await use(entry, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
