/** Makes the README's pictures, from the real page. Needs a built page: `npm run pictures` builds it. */
import { mkdir, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { openStage, schemes } from "./stage.ts"
import { still } from "./still.ts"
import { strip } from "./strip.ts"

const folder = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url))
await mkdir(folder, { recursive: true })
const stage = await openStage()
try {
  for (const scheme of schemes) {
    for (const [name, picture] of [[`call-${scheme}.webp`, await still(stage, scheme)], [`convergence-${scheme}.png`, await strip(stage, scheme)]] as const) {
      await writeFile(folder + name, picture)
      console.log(`docs/pictures/${name}: ${Math.round(picture.length / 1_000)} kB`)
    }
  }
} finally {
  await stage.close()
}
