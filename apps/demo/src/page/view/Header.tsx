/** The page's name, who one is, and the switches for what is always there. */
import { isDark, toggleTheme } from "../model/theme.ts"
import { BoxIcon, KeyboardIcon, Mark, MoonIcon, SunIcon } from "./icons.tsx"
import { areShortcutsShown, isBoxOpen } from "./panels.ts"

export const Header = () => (
  <header class="header">
    <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus() }}>Skip to the content</a>
    <h1><Mark /> enigma-rtc</h1>
    <nav aria-label="Page" class="row">
      <button type="button" class="quiet square" aria-label="Keyboard shortcuts" title="Keys (?)" onClick={() => (areShortcutsShown.value = true)}><KeyboardIcon /></button>
      <button type="button" class="quiet square" aria-label={isDark.value ? "Light colours" : "Dark colours"} title={isDark.value ? "Light" : "Dark"} onClick={toggleTheme}>
        {isDark.value ? <SunIcon /> : <MoonIcon />}
      </button>
      <button type="button" aria-expanded={isBoxOpen.value} aria-controls="glass-box" title="Glass box (G)" onClick={() => (isBoxOpen.value = !isBoxOpen.value)}>
        <BoxIcon /> <span>Glass box</span>
      </button>
    </nav>
  </header>
)
