/** Begins the store, and shows the page. */
import { render } from "preact"
import { followDevices } from "./model/media.ts"
import { start } from "./model/store.ts"
import { followTheme } from "./model/theme.ts"
import { App } from "./view/App.tsx"

followTheme()
void followDevices()
const root = document.getElementById("page")
if (root !== null) render(<App />, root)
void start()
