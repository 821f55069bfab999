/** Light or dark: the system's choice, until somebody makes another. */
import { effect, signal } from "@preact/signals"

export type Theme = "system" | "light" | "dark"

const read = (): Theme => {
  try {
    const kept = localStorage.getItem("theme")
    return kept === "light" || kept === "dark" ? kept : "system"
  } catch {
    return "system"
  }
}

const theme = signal<Theme>(read())
const dark = matchMedia("(prefers-color-scheme: dark)")
export const isDark = signal(dark.matches)

/** Keeps the document as it is wanted, for the page's life. */
export const followTheme = (): void => {
  const tell = () => void (isDark.value = theme.peek() === "system" ? dark.matches : theme.peek() === "dark")
  dark.addEventListener("change", tell)
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset["theme"]
    else document.documentElement.dataset["theme"] = theme.value
    tell()
  })
}

export const toggleTheme = (): void => {
  theme.value = isDark.peek() ? "light" : "dark"
  try {
    localStorage.setItem("theme", theme.peek())
  } catch {
    // It holds until the page is closed.
  }
}
