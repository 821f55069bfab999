/** Somebody's initials, in a colour of their own. */
const hueOf = (name: string): number => Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7)
const initialsOf = (name: string): string => {
  const [first = "?", second] = name.split(" ")
  return [first, second ?? ""].map((word) => Array.from(word)[0] ?? "").join("").toUpperCase()
}

export const Avatar = ({ name }: { readonly name: string }) => (
  <span class="avatar" style={{ "--hue": String(hueOf(name)) }} aria-hidden="true">{initialsOf(name)}</span>
)
