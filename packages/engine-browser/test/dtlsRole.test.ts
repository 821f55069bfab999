/** Who is the DTLS client of a call stays so. */
import { describe, expect, it } from "vitest"
import { roleIn, withRole } from "../src/dtlsRole.ts"

describe("the DTLS role", () => {
  it("is what the own answer says, and the opposite of what the far end's says", () => {
    expect(roleIn("v=0\r\na=setup:active\r\n", true)).toBe("active")
    expect(roleIn("v=0\r\na=setup:active\r\n", false)).toBe("passive")
    expect(roleIn("v=0\r\na=setup:passive\r\n", false)).toBe("active")
    expect(roleIn("v=0\r\na=setup:actpass\r\n", true)).toBeUndefined()
  })

  it("is said in every section of a later description, and left open in the first", () => {
    const sdp = "v=0\r\nm=audio 9 X 0\r\na=setup:actpass\r\nm=video 9 X 0\r\na=setup:actpass\r\n"
    expect(withRole(sdp, undefined)).toBe(sdp)
    expect(withRole(sdp, "passive")).toBe(sdp.replaceAll("actpass", "passive"))
  })
})
